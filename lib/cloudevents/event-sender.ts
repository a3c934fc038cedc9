import { rootCertificates } from 'node:tls';
import { type CloudEvent, HTTP } from 'cloudevents';
import { Agent, type Dispatcher, request } from 'undici';
import { LedgerError, reasonOf } from '../errors.ts';

/**
 * Sends CloudEvents to a function or a broker, in binary mode; a user and a password in its URL go as basic
 * authentication. A redirect is not followed: it would turn the POST into a GET, which is answered well and records
 * nothing. Any number may be under way at once; beyond the
 * connections they wait, and the time they wait counts towards their time limit.
 */
export interface EventSender {
  /** @throws LedgerError `gateway-unavailable` when it may work later, `gateway-refused` when it will not. */
  send(event: CloudEvent<object>): Promise<void>;
  close(): Promise<void>;
}

export interface EventSenderOptions {
  readonly url: URL;
  /** For one event, from the call to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
  readonly connections: number;
  /** Certificates of authorities to trust beside the usual ones, in PEM. */
  readonly authorities: string | undefined;
}

export function createEventSender(options: EventSenderOptions): EventSender {
  const { url, timeoutMilliseconds, connections, authorities } = options;
  const ca = authorities === undefined ? undefined : [...rootCertificates, authorities];
  const agent = new Agent({ connections, ...(ca && { connect: { ca } }) });
  const { bare, authorization } = withoutCredentials(url);
  return {
    async send(event) {
      const { headers, body } = HTTP.binary(event);
      const fields = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      let answer: Dispatcher.ResponseData;
      let text: string;
      try {
        answer = await request(bare, {
          method: 'POST',
          headers: { ...Object.fromEntries(fields), ...authorization },
          body: String(body),
          dispatcher: agent,
          signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        text = await answer.body.text();
      } catch (error) {
        throw failure(
          'gateway-unavailable',
          url,
          reasonOf(error),
          'check its URL and that the receiver runs',
        );
      }
      const { statusCode } = answer;
      if (statusCode >= 200 && statusCode <= 299) return;
      const kind = isWorthARetry(statusCode) ? 'gateway-unavailable' : 'gateway-refused';
      const reason = text.slice(0, 500).replaceAll(/\s+/g, ' ');
      const fact = `it answered ${statusCode}${reason === '' ? '' : ` (${reason})`}`;
      throw failure(kind, url, fact, 'read its reason, and send it again');
    },
    close: () => agent.close(),
  };
}

function withoutCredentials(url: URL): { readonly bare: URL; readonly authorization: object } {
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  if (credentials === ':') return { bare, authorization: {} };
  return { bare, authorization: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

/** As a broker has it. Source: https://knative.dev/docs/eventing/event-delivery/ */
function isWorthARetry(status: number): boolean {
  return status >= 500 || [404, 408, 409, 429].includes(status);
}

function failure(
  kind: 'gateway-unavailable' | 'gateway-refused',
  { origin, pathname }: URL,
  fact: string,
  remedy: string,
): LedgerError {
  return new LedgerError(kind, { operation: 'sending to', subject: `${origin}${pathname}`, fact, remedy });
}
