import type { Server } from '../../config/access-settings.ts';
import type { Config } from '../../config.ts';
import { seriesCount } from '../../prometheus/instant-query.ts';
import { scrapeState } from '../../prometheus/scrape-state.ts';
import { type Finding, failed, right, unknown, wrong } from './finding.ts';

/**
 * Whether Prometheus scrapes the Pushgateway, and keeps the own labels of the records; of the VictoriaMetrics that takes the
 * pushes, whether it has any.
 */
export async function checkPrometheus(
  { prometheus, grouping, pushgateway }: Config,
  { isPushgateway }: { readonly isPushgateway: boolean },
): Promise<Finding> {
  const subject = 'Prometheus';
  if (prometheus === undefined) {
    return unknown(subject, 'was not checked', 'give --prometheus URL, or set PROMETHEUS_URL');
  }
  try {
    if (!isPushgateway)
      return await recordsFinding(prometheus, grouping.job, pushgateway.timeoutMilliseconds);
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

async function recordsFinding(
  prometheus: Server,
  job: string,
  timeoutMilliseconds: number,
): Promise<Finding> {
  const subject = 'Prometheus';
  const records = `{__name__=~"pod_monitor_container_restart_.+", job=${JSON.stringify(job)}}`;
  // A record is stored at the time of its restart.
  const query = `count(last_over_time(${records}[30d]))`;
  if ((await seriesCount(prometheus, query, timeoutMilliseconds)) > 0) {
    return right(subject, 'has records of the last 30 days');
  }
  const remedy = 'fine before the first restart; else check that it reads what takes the pushes';
  return unknown(subject, 'has no record of the last 30 days', remedy);
}
