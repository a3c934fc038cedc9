import { createEventSender } from '../../cloudevents/event-sender.ts';
import { podEvent } from '../../cloudevents/pod-event.ts';
import type { Config } from '../../config.ts';
import type { Sink } from './sink.ts';

/** Sends Pods to a function or a broker, as the API server source would. */
export function createEventSink(url: URL, config: Config): Sink {
  const { timeoutMilliseconds, connections } = config.pushgateway;
  const { authorities, extensions } = config.sink;
  const sender = createEventSender({ url, timeoutMilliseconds, connections, authorities });
  return {
    taken: 'sent',
    take: (sighting) => sender.send(podEvent(sighting, 'urn:restart-ledger:replay', extensions)),
    end: () => sender.close(),
  };
}
