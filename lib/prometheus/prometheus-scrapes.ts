import type { Config } from '../config.ts';
import type { ScrapeState } from './scrape-state.ts';

/** Asks the configured Prometheus what it has; `undefined` where none is configured. */
export function prometheusScrapes({
  prometheusUrl,
  grouping,
  pushgateway,
}: Pick<Config, 'prometheusUrl' | 'grouping' | 'pushgateway'>): (() => Promise<ScrapeState>) | undefined {
  if (prometheusUrl === undefined) return undefined;
  return async () => {
    // Loads an HTTP client, which a function that starts for a Pod event does not need.
    const { scrapeState } = await import('./scrape-state.ts');
    return await scrapeState(prometheusUrl, grouping.job, pushgateway.timeoutMilliseconds);
  };
}
