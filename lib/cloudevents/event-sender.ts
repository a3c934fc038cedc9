import { rootCertificates } from 'node:tls';
import { type CloudEvent, HTTP } from 'cloudevents';
import { Agent, type Dispatcher, request } from 'undici';
import { basicAuthentication, urlSecrets } from '../access/basic-authentication.ts';
import { redact, secretForms } from '../access/redact.ts';
import { openTokenFile } from '../access/token-file.ts';
import { bareUrl } from '../bare-url.ts';
import type { Config } from '../config.ts';
import { type ErrorKind, excerptOf, LedgerError, reasonOf } from '../errors.ts';

/**
 * Sends CloudEvents to a function or a broker, in binary mode, with the token of `SINK_TOKEN_FILE`, else with the user and the
 * password of its URL. A redirect is not followed: it would take the credentials elsewhere, and turn the POST into a GET, which
 * succeeds and records nothing. Any number may be under way at once; beyond the connections they wait, and the wait counts towards their
 * time limit.
 */
export interface EventSender {
  /** @throws LedgerError `sink-unavailable` when it is retryable, `sink-refused` when it is not. */
  send(event: CloudEvent<object>): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param url The receiver.
 * @param config What gave its URL, its certificate authorities, and the file with the token; the time limit of one event, from the call to the last byte of the answer,
 * and the most connections are those of the Pushgateway.
 * @throws LedgerError `configuration` when the file with the token cannot be used. When it cannot be used later, events are
 * retryable.
 */
export function createEventSender(
  url: URL,
  { sink: { urlSetting, authorities, tokenFile }, pushgateway }: Pick<Config, 'sink' | 'pushgateway'>,
): EventSender {
  const { timeoutMilliseconds, connections } = pushgateway;
  const ca = authorities === undefined ? undefined : [...rootCertificates, authorities];
  const agent = new Agent({ connections, ...(ca && { connect: { ca } }) });
  const subject = { operation: 'sending to', subject: bareUrl(url) };
  const secrets = urlSecrets(url);
  const target = new URL(url);
  [target.username, target.password] = ['', ''];
  const file = tokenFile === undefined ? undefined : openTokenFile(tokenFile, 'SINK_TOKEN_FILE');
  const credentials = (kind: ErrorKind) =>
    file === undefined ? basicAuthentication(url) : { authorization: `Bearer ${file.read(kind)}` };
  credentials('configuration');
  return {
    async send(event) {
      const sent = credentials('sink-unavailable');
      const { headers, body } = HTTP.binary(event);
      const fields = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      let answer: Dispatcher.ResponseData;
      let text: string;
      try {
        answer = await request(target, {
          method: 'POST',
          headers: { ...Object.fromEntries(fields), ...sent },
          body: String(body),
          dispatcher: agent,
          signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        text = await answer.body.text();
      } catch (error) {
        const remedy = `check ${urlSetting} and that the receiver runs`;
        const parts = { ...subject, fact: reasonOf(error), remedy };
        throw new LedgerError('sink-unavailable', parts, { cause: error });
      }
      const { statusCode: status } = answer;
      if (status >= 200 && status <= 299) return;
      const kind = isRetryableStatus(status) ? 'sink-unavailable' : 'sink-refused';
      const reason = excerptOf(redact(text, [...secrets, ...tokenForms(sent.authorization)]));
      const fact = `it answered ${status}${reason === '' ? '' : ` (${reason})`}`;
      throw new LedgerError(kind, { ...subject, fact, remedy: remedyOf(status) }, { status });
    },
    close: () => agent.close(),
  };
}

/** A receiver may show the request in its answer. */
function tokenForms(authorization = ''): readonly string[] {
  return secretForms([authorization.replace(/^\S+ /, '')]);
}

function remedyOf(status: number): string {
  if (status === 401) return 'name a file with a token that it accepts in SINK_TOKEN_FILE';
  if (status === 403)
    return 'name a file with a token that it accepts in SINK_TOKEN_FILE, or let it accept the subject of that token';
  return 'read its reason, and send it again';
}

/** The statuses that a broker retries. Source: https://knative.dev/docs/eventing/event-delivery/ */
function isRetryableStatus(status: number): boolean {
  return status >= 500 || [404, 408, 409, 429].includes(status);
}
