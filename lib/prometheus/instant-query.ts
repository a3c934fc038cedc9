import { request } from 'undici';
import { bareUrl, basicAuthentication } from '../basic-authentication.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import { isObject } from '../narrow.ts';

/**
 * The number of series in the result of an instant query.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 *
 * @throws LedgerError `prometheus-unavailable` when Prometheus does not answer the query.
 */
export async function seriesCount(
  prometheus: URL,
  query: string,
  timeoutMilliseconds: number,
): Promise<number> {
  const url = new URL('api/v1/query', `${bareUrl(prometheus).replace(/\/*$/, '')}/`);
  url.searchParams.set('query', query);
  let answer: unknown;
  try {
    const { body } = await request(url, {
      headers: basicAuthentication(prometheus),
      headersTimeout: timeoutMilliseconds,
      bodyTimeout: timeoutMilliseconds,
    });
    answer = await body.json();
  } catch (error) {
    throw unavailable(url, reasonOf(error), error);
  }
  const data = isObject<{ data: object }>(answer) ? answer.data : undefined;
  const result = isObject<{ result: readonly unknown[] }>(data) ? data.result : undefined;
  if (!Array.isArray(result)) throw unavailable(url, 'the answer is not a query result');
  return result.length;
}

function unavailable(url: URL, fact: string, cause?: unknown): LedgerError {
  const remedy = 'check PROMETHEUS_URL and that Prometheus runs';
  const parts = { operation: 'querying', subject: bareUrl(url), fact, remedy };
  return new LedgerError('prometheus-unavailable', parts, { cause });
}
