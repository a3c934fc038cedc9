import type { Config } from '../config.ts';
import { type ScrapeState, scrapeState } from './scrape-state.ts';

/** Asks the configured Prometheus what it has; `undefined` where none is configured. */
export function prometheusScrapes({
  prometheusUrl,
  grouping,
  pushgateway,
}: Pick<Config, 'prometheusUrl' | 'grouping' | 'pushgateway'>): (() => Promise<ScrapeState>) | undefined {
  if (prometheusUrl === undefined) return undefined;
  return () => scrapeState(prometheusUrl, grouping.job, pushgateway.timeoutMilliseconds);
}
