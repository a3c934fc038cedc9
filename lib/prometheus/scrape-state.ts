import { seriesCount } from './instant-query.ts';

/**
 * What Prometheus makes of the Pushgateway: it has our records under their own labels; under `exported_` ones, since
 * its scrape does not honour labels; it scrapes a Pushgateway without a record of ours; it scrapes none.
 */
export type ScrapeState = 'honoured' | 'renamed' | 'empty' | 'absent';

/** @throws LedgerError `gateway-unavailable` when Prometheus cannot be asked. */
export async function scrapeState(
  prometheus: URL,
  job: string,
  timeoutMilliseconds: number,
): Promise<ScrapeState> {
  const count = (query: string) => seriesCount(prometheus, query, timeoutMilliseconds);
  const value = JSON.stringify(job);
  if ((await count(`count(push_time_seconds{job=${value}})`)) > 0) return 'honoured';
  if ((await count(`count(push_time_seconds{exported_job=${value}})`)) > 0) return 'renamed';
  return (await count('count(pushgateway_build_info)')) > 0 ? 'empty' : 'absent';
}
