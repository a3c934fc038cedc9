import type { Config } from '../config.ts';
import type { ScrapeState } from './scrape-state.ts';

/** Asks the configured Prometheus what it has; `undefined` where none is configured. */
export function prometheusScrapes({
  prometheus,
  grouping,
  pushgateway,
}: Pick<Config, 'prometheus' | 'grouping' | 'pushgateway'>): (() => Promise<ScrapeState>) | undefined {
  if (prometheus === undefined) return undefined;
  return async () => {
    // Loads an HTTP client, which a function that starts for a Pod event does not need.
    const { scrapeState } = await import('./scrape-state.ts');
    return await scrapeState(prometheus, grouping.job, pushgateway.timeoutMilliseconds);
  };
}
