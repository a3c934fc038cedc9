import { createEventSender } from '../../cloudevents/event-sender.ts';
import { type PodSighting, podEvent } from '../../cloudevents/pod-event.ts';
import type { Config } from '../../config.ts';
import { strippedPod } from '../../kubernetes/objects/stripped-pod.ts';
import { createRecordRestarts } from '../../ledger/record-restarts.ts';
import type { FunctionMetrics } from '../../observability/function-metrics.ts';
import { createPushgateway } from '../../pushgateway/pushgateway.ts';
import { restartLine } from '../output/restart-line.ts';
import type { Terminal } from '../terminal.ts';
import { createFirstSights } from './first-seen.ts';

/** Where a watch takes restarts. Several sightings may be taken at a time, in any order. */
export interface Destination {
  /** Without credentials. */
  readonly url: string;
  /** @throws LedgerError when it was not taken. */
  take(sighting: PodSighting): Promise<void>;
  close(): Promise<void>;
}

/** The sink, where there is one; else the Pushgateway; else an embedded one, whose records are shown as they come. */
export async function openDestination(
  config: Config,
  metrics: FunctionMetrics,
  terminal: Terminal,
): Promise<Destination> {
  if (config.sink.url !== undefined) return openSink(config.sink.url, config);
  if (config.pushgateway.url !== undefined) return openGateway(config.pushgateway.url, config, metrics);
  const { startEmbeddedGateway } = await import('../../pushgateway/embedded/server.ts');
  const embedded = await startEmbeddedGateway({ ...config.embeddedGateway, now: Date.now });
  const gateway = openGateway(new URL(embedded.url), config, metrics);
  const isFirst = createFirstSights();
  terminal.err(`metrics at ${embedded.url}/metrics, in memory until this ends; Ctrl-C ends it`);
  return {
    url: gateway.url,
    async take(sighting) {
      await gateway.take(sighting);
      for (const restart of sighting.restarts) {
        if (isFirst(restart)) terminal.out(restartLine(restart, process.stdout.isTTY));
      }
    },
    async close() {
      await gateway.close();
      await embedded.close();
    },
  };
}

function openSink(url: URL, { pushgateway, sink }: Config): Destination {
  const { timeoutMilliseconds, connections } = pushgateway;
  const { authorities, extensions } = sink;
  const sender = createEventSender({ url, timeoutMilliseconds, connections, authorities });
  return {
    url: `${url.origin}${url.pathname}`,
    take: (sighting) =>
      sender.send(
        podEvent(
          { ...sighting, object: strippedPod(sighting.object) },
          'urn:restart-ledger:watch',
          extensions,
        ),
      ),
    close: () => sender.close(),
  };
}

function openGateway(url: URL, config: Config, metrics: FunctionMetrics): Destination {
  const { timeoutMilliseconds, connections } = config.pushgateway;
  const gateway = createPushgateway({ url, timeoutMilliseconds, connections });
  const { families, grouping } = config;
  const now = () => performance.now() / 1000;
  const recordRestarts = createRecordRestarts({ gateway, families, grouping, metrics, now });
  return {
    url: `${url.origin}${url.pathname}`,
    take: ({ restarts }) => recordRestarts(restarts),
    close: () => gateway.close(),
  };
}
