import type { Config } from '../../config.ts';
import { scrapeState } from '../../prometheus/scrape-state.ts';
import { type Finding, failed, right, unknown, wrong } from './finding.ts';

/** Whether Prometheus scrapes the Pushgateway, and keeps the own labels of the records. */
export async function checkPrometheus({ prometheus, grouping, pushgateway }: Config): Promise<Finding> {
  const subject = 'Prometheus';
  if (prometheus === undefined) {
    return unknown(subject, 'was not checked', 'give --prometheus URL, or set PROMETHEUS_URL');
  }
  try {
    const state = await scrapeState(prometheus, grouping.job, pushgateway.timeoutMilliseconds);
    switch (state) {
      case 'honoured':
        return right(subject, 'scrapes the records, with their own labels');
      case 'renamed':
        return wrong(
          subject,
          'scrapes the records, but renames their labels (exported_job, exported_pod, …)',
          'set honor_labels: true in the scrape of the Pushgateway',
        );
      case 'empty':
        return right(subject, 'scrapes a Pushgateway; there is no record to see yet');
      case 'absent':
        return wrong(
          subject,
          'scrapes no Pushgateway',
          'add a scrape of the Pushgateway, with honor_labels: true',
        );
    }
  } catch (failure) {
    return failed(subject, failure);
  }
}
