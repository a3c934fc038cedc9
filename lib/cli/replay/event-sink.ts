import { CloudEvent, HTTP } from 'cloudevents';
import { LedgerError, reasonOf } from '../../errors.ts';
import { restartId } from '../../restarts/restart.ts';
import type { Sighting, Sink } from './sink.ts';

/**
 * Sends Pods to a function or a broker, as CloudEvents of the form that Knative's API server source sends in mode
 * Resource: https://knative.dev/docs/eventing/sources/apiserversource/reference/
 *
 * The ID of an event follows from what it shows, so that sending it again gives the same.
 */
export function createEventSink(url: URL, timeoutMilliseconds: number, fetch: typeof globalThis.fetch): Sink {
  return {
    taken: 'sent',
    async take(sighting) {
      const { headers, body } = HTTP.binary(podEvent(sighting));
      const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
      let answer: Response;
      try {
        const signal = AbortSignal.timeout(timeoutMilliseconds);
        answer = await fetch(url, { method: 'POST', headers: entries, body: String(body), signal });
      } catch (error) {
        const fact = error instanceof Error && error.cause ? reasonOf(error.cause) : reasonOf(error);
        throw refusal('gateway-unavailable', url, fact, 'check --to and that the receiver runs');
      }
      const reason = (await answer.text()).slice(0, 500).replaceAll(/\s+/g, ' ');
      if (answer.ok) return;
      const kind = isWorthARetry(answer.status) ? 'gateway-unavailable' : 'gateway-refused';
      const fact = `it answered ${answer.status}${reason === '' ? '' : ` (${reason})`}`;
      throw refusal(kind, url, fact, 'read its reason, and send it again');
    },
    end: async () => {},
  };
}

function podEvent({ pod, object, restarts }: Sighting): CloudEvent<object> {
  const { namespace, name, uid } = pod;
  return new CloudEvent({
    id: [uid, ...restarts.map((restart) => `${restart.container}.${restartId(restart)}`)].join('.'),
    source: 'urn:restart-ledger:replay',
    type: 'dev.knative.apiserver.resource.update',
    subject: `/apis/v1/namespaces/${namespace}/pods/${name}`,
    datacontenttype: 'application/json',
    apiversion: 'v1',
    kind: 'Pod',
    name,
    namespace,
    data: { apiVersion: 'v1', kind: 'Pod', ...object },
  });
}

/** As a broker has it. Source: https://knative.dev/docs/eventing/event-delivery/ */
function isWorthARetry(status: number): boolean {
  return status >= 500 || [404, 408, 409, 429].includes(status);
}

function refusal(
  kind: 'gateway-unavailable' | 'gateway-refused',
  { origin, pathname }: URL,
  fact: string,
  remedy: string,
): LedgerError {
  return new LedgerError(kind, { operation: 'sending to', subject: `${origin}${pathname}`, fact, remedy });
}
