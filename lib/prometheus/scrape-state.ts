import type { Server } from '../config/access-settings.ts';
import { seriesCount } from './instant-query.ts';

/**
 * How Prometheus scrapes the Pushgateway: it has the records with their own labels; with `exported_` ones, since the
 * scrape does not honour labels; it scrapes a Pushgateway without records; it scrapes none.
 */
export type ScrapeState = 'honoured' | 'renamed' | 'empty' | 'absent';

/** @throws LedgerError `prometheus-unavailable` when Prometheus does not answer the queries. */
export async function scrapeState(
  prometheus: Server,
  job: string,
  timeoutMilliseconds: number,
): Promise<ScrapeState> {
  const count = (query: string) => seriesCount(prometheus, query, timeoutMilliseconds);
  const value = JSON.stringify(job);
  if ((await count(`count(push_time_seconds{job=${value}})`)) > 0) return 'honoured';
  if ((await count(`count(push_time_seconds{exported_job=${value}})`)) > 0) return 'renamed';
  return (await count('count(pushgateway_build_info)')) > 0 ? 'empty' : 'absent';
}
