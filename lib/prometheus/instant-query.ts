import { request } from 'undici';
import { LedgerError, reasonOf } from '../errors.ts';
import { isObject } from '../narrow.ts';

/**
 * How many series an instant query of Prometheus gives.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 *
 * @throws LedgerError `gateway-unavailable` when Prometheus cannot be asked.
 */
export async function seriesCount(
  prometheus: URL,
  query: string,
  timeoutMilliseconds: number,
): Promise<number> {
  const url = new URL('api/v1/query', withSlash(prometheus));
  url.searchParams.set('query', query);
  const { username, password } = prometheus;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  url.username = '';
  url.password = '';
  let answer: unknown;
  try {
    const limits = { headersTimeout: timeoutMilliseconds, bodyTimeout: timeoutMilliseconds };
    const { body } = await request(url, {
      ...limits,
      ...(username !== '' && { headers: { authorization } }),
    });
    answer = await body.json();
  } catch (error) {
    throw notAsked(url, reasonOf(error), error);
  }
  const data = isObject<{ data: object }>(answer) ? answer.data : undefined;
  const result = isObject<{ result: readonly unknown[] }>(data) ? data.result : undefined;
  if (!Array.isArray(result)) throw notAsked(url, 'the answer is no result of a query');
  return result.length;
}

function withSlash({ href }: URL): string {
  return href.endsWith('/') ? href : `${href}/`;
}

function notAsked({ origin, pathname }: URL, fact: string, cause?: unknown): LedgerError {
  const remedy = 'check PROMETHEUS_URL and that Prometheus runs';
  const parts = { operation: 'asking', subject: `${origin}${pathname}`, fact, remedy };
  return new LedgerError('gateway-unavailable', parts, { cause });
}
