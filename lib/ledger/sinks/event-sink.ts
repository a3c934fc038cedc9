import { bareUrl } from '../../bare-url.ts';
import { createEventSender } from '../../cloudevents/event-sender.ts';
import { podEvent } from '../../cloudevents/pod-event.ts';
import type { Config } from '../../config.ts';
import { strippedPod } from '../../kubernetes/objects/stripped-pod.ts';
import { traceExtensions } from '../../observability/spans.ts';
import type { Sink } from './sink.ts';

/**
 * Sends Pods to a function or a broker, as Knative's API server source does, stripped to the fields that are read.
 *
 * @param source The CloudEvents' source.
 */
export function createEventSink(
  url: URL,
  config: Pick<Config, 'sink' | 'pushgateway'>,
  source: string,
): Sink {
  const sender = createEventSender(url, config);
  return {
    url: bareUrl(url),
    taken: 'sent',
    take: ({ object, ...observation }) =>
      sender.send(
        podEvent({ ...observation, object: strippedPod(object) }, source, {
          ...traceExtensions(),
          ...config.sink.extensions,
        }),
      ),
    close: () => sender.close(),
  };
}
