import { bareUrl } from '../basic-authentication.ts';
import type { Server } from '../config/access-settings.ts';
import { LedgerError } from '../errors.ts';
import { isObject } from '../narrow.ts';
import { getFromPrometheus } from './get.ts';

/**
 * The number of series in the result of an instant query.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 *
 * @throws LedgerError `prometheus-unavailable` when Prometheus does not answer the query.
 */
export async function seriesCount(
  prometheus: Server,
  query: string,
  timeoutMilliseconds: number,
): Promise<number> {
  const url = new URL('api/v1/query', `${bareUrl(prometheus.url).replace(/\/*$/, '')}/`);
  url.searchParams.set('query', query);
  const answer = await getFromPrometheus(prometheus, url, {
    timeoutMilliseconds,
    read: ({ body }) => body.json(),
  });
  const data = isObject<{ data: object }>(answer) ? answer.data : undefined;
  const result = isObject<{ result: readonly unknown[] }>(data) ? data.result : undefined;
  if (!Array.isArray(result)) throw unavailable(url, 'the answer is not a query result');
  return result.length;
}

function unavailable(url: URL, fact: string): LedgerError {
  const remedy = 'check PROMETHEUS_URL and that Prometheus runs';
  const parts = { operation: 'querying', subject: bareUrl(url), fact, remedy };
  return new LedgerError('prometheus-unavailable', parts);
}
