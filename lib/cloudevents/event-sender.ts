import { rootCertificates } from 'node:tls';
import { type CloudEvent, HTTP } from 'cloudevents';
import { Agent, type Dispatcher, request } from 'undici';
import { bareUrl, basicAuthentication, urlSecrets } from '../basic-authentication.ts';
import type { Config } from '../config.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import { redact } from '../redact.ts';

/**
 * Sends CloudEvents to a function or a broker, in binary mode; a user and a password in its URL go as basic
 * authentication. A redirect is not followed: it would turn the POST into a GET, which succeeds and records
 * nothing. Any number may be under way at once; beyond the connections they wait, and the wait counts towards their
 * time limit.
 */
export interface EventSender {
  /** @throws LedgerError `sink-unavailable` when it is retryable, `sink-refused` when it is not. */
  send(event: CloudEvent<object>): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param url The receiver.
 * @param config Its certificate authorities; the time limit of one event, from the call to the last byte of the answer,
 * and the most connections are those of the Pushgateway.
 */
export function createEventSender(
  url: URL,
  { sink: { authorities }, pushgateway }: Pick<Config, 'sink' | 'pushgateway'>,
): EventSender {
  const { timeoutMilliseconds, connections } = pushgateway;
  const ca = authorities === undefined ? undefined : [...rootCertificates, authorities];
  const agent = new Agent({ connections, ...(ca && { connect: { ca } }) });
  const subject = { operation: 'sending to', subject: bareUrl(url) };
  const secrets = urlSecrets(url);
  const target = new URL(url);
  [target.username, target.password] = ['', ''];
  return {
    async send(event) {
      const { headers, body } = HTTP.binary(event);
      const fields = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      let answer: Dispatcher.ResponseData;
      let text: string;
      try {
        answer = await request(target, {
          method: 'POST',
          headers: { ...Object.fromEntries(fields), ...basicAuthentication(url) },
          body: String(body),
          dispatcher: agent,
          signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        text = await answer.body.text();
      } catch (error) {
        const remedy = 'check its URL and that the receiver runs';
        const parts = { ...subject, fact: reasonOf(error), remedy };
        throw new LedgerError('sink-unavailable', parts, { cause: error });
      }
      const { statusCode: status } = answer;
      if (status >= 200 && status <= 299) return;
      const kind = isRetryableStatus(status) ? 'sink-unavailable' : 'sink-refused';
      const reason = redact(text, secrets).slice(0, 500).replaceAll(/\s+/g, ' ');
      const fact = `it answered ${status}${reason === '' ? '' : ` (${reason})`}`;
      throw new LedgerError(
        kind,
        { ...subject, fact, remedy: 'read its reason, and send it again' },
        { status },
      );
    },
    close: () => agent.close(),
  };
}

/** The statuses that a broker retries. Source: https://knative.dev/docs/eventing/event-delivery/ */
function isRetryableStatus(status: number): boolean {
  return status >= 500 || [404, 408, 409, 429].includes(status);
}
