import type { Config } from '../../config.ts';
import { createEventSender } from '../../delivery/event-sender.ts';
import { podEvent } from '../../events/pod-event.ts';
import type { Sink } from './sink.ts';

/**
 * Sends Pods to a function or a broker, as CloudEvents of the form that Knative's API server source sends in mode
 * Resource: https://knative.dev/docs/eventing/sources/apiserversource/reference/
 *
 * A user and a password in the URL go as basic authentication. The ID of an event follows from what it shows, so that sending it again gives the same.
 */
export function createEventSink(url: URL, timeoutMilliseconds: number, fetch: typeof globalThis.fetch): Sink {
  const { bare, authorization } = withoutCredentials(url);

  async function send(body: string, headers: [string, string][]): Promise<Answer> {
    try {
      const answer = await fetch(bare, {
        method: 'POST',
        headers: [...headers, ...authorization],
        body,
        // A redirect that is followed turns a POST into a GET, which is answered well and records nothing.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      return { status: answer.status, reason: (await answer.text()).slice(0, 500).replaceAll(/\s+/g, ' ') };
    } catch (error) {
      const fact = error instanceof Error && error.cause ? reasonOf(error.cause) : reasonOf(error);
      throw refusal('gateway-unavailable', url, fact, 'check --to and that the receiver runs');
    }
  }

  return {
    taken: 'sent',
    async take(sighting) {
      const { headers, body } = HTTP.binary(podEvent(sighting));
      const { status, reason } = await send(
        String(body),
        Object.entries(headers).map(([name, value]) => [name, String(value)]),
      );
      if (status >= 200 && status < 300) return;
      const kind = isWorthARetry(status) ? 'gateway-unavailable' : 'gateway-refused';
      const fact = `it answered ${status}${reason === '' ? '' : ` (${reason})`}`;
      throw refusal(kind, url, fact, 'read its reason, and send it again');
    },
    end: async () => {},
  };
}

interface Answer {
  readonly status: number;
  /** The start of the body, on one line. */
  readonly reason: string;
}

/** `fetch` takes no URL with a user and a password, and says so with the password in its message. */
function withoutCredentials(url: URL) {
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const header: [string, string] = ['authorization', `Basic ${Buffer.from(credentials).toString('base64')}`];
  return { bare, authorization: credentials === ':' ? [] : [header] };
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
