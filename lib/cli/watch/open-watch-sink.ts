import type { Config } from '../../config.ts';
import { openLocalLedger } from '../../ledger/open-local-ledger.ts';
import { createEventSink } from '../../ledger/sinks/event-sink.ts';
import { createPushgatewaySink } from '../../ledger/sinks/pushgateway-sink.ts';
import type { Sink } from '../../ledger/sinks/sink.ts';
import type { PushMetrics } from '../../observability/metrics.ts';

/** A watch's sink. */
export interface WatchSink extends Sink {
  /** Whether it is an embedded gateway, which stores its records in memory until the watch ends. */
  readonly isEmbedded: boolean;
}

/** The receiver of CloudEvents where one is configured; else the Pushgateway; else an embedded one. */
export async function openWatchSink(config: Config, metrics: PushMetrics): Promise<WatchSink> {
  if (config.sink.url !== undefined) {
    return { ...createEventSink(config.sink.url, config, 'urn:restart-ledger:watch'), isEmbedded: false };
  }
  const nowSeconds = () => Date.now() / 1000;
  const ledger = await openLocalLedger(config, { nowSeconds, metrics, anyPort: true });
  return { ...createPushgatewaySink(ledger), isEmbedded: ledger.isEmbedded };
}
