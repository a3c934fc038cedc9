import { Agent, type Dispatcher, request } from 'undici';
import { credentialsRemedy, tlsFailure } from '../access/access-failure.ts';
import { createServerAccess } from '../access/server-access.ts';
import { bareUrl } from '../bare-url.ts';
import { type Server, urlSetting } from '../config/access-settings.ts';
import { LedgerError, reasonOf } from '../errors.ts';

export interface GetOptions<T> {
  /** For the first byte, and for each further wait. */
  readonly timeoutMilliseconds: number;
  /** Reads the answer to its end, or destroys it; no message may show the secrets, for `redact`. */
  readonly read: (answer: Dispatcher.ResponseData, secrets: readonly string[]) => Promise<T>;
}

/**
 * What a Prometheus answers, with the credentials and certificates that its settings name; their files are read for each call.
 *
 * @param url One of the server, without credentials.
 * @throws LedgerError `prometheus-unavailable` when it is unreachable, or does not accept the credentials; `configuration` when
 * a file cannot be used.
 */
export async function getFromPrometheus<T>(
  server: Server,
  url: URL,
  { timeoutMilliseconds, read }: GetOptions<T>,
): Promise<T> {
  const { headers, tls, secrets } = createServerAccess(server, {
    nowMilliseconds: () => performance.now(),
  })();
  const agent = new Agent({ connect: tls });
  let answer: Dispatcher.ResponseData;
  try {
    answer = await request(url, {
      headers,
      headersTimeout: timeoutMilliseconds,
      bodyTimeout: timeoutMilliseconds,
      dispatcher: agent,
    });
    const { statusCode: status } = answer;
    if (status === 401 || status === 403) {
      await answer.body.dump();
      throw unavailable(url, `it answered ${status}`, credentialsRemedy(server));
    }
    return await read(answer, secrets);
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    const { fact, remedy } = tlsFailure(error, server) ?? {
      fact: reasonOf(error),
      remedy: `check ${urlSetting(server.access)} and that Prometheus runs`,
    };
    throw unavailable(url, fact, remedy, error);
  } finally {
    await agent.destroy();
  }
}

function unavailable(url: URL, fact: string, remedy: string, cause?: unknown): LedgerError {
  const parts = { operation: 'querying', subject: bareUrl(url), fact, remedy };
  return new LedgerError('prometheus-unavailable', parts, { cause });
}
