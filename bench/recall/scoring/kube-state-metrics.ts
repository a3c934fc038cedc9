import type { InstantQuery, Series } from './prometheus.ts';
import type { TrueRestart } from './score.ts';

/** How often kube-state-metrics is scraped, in seconds, each by a scrape job of its own. */
export const scrapeIntervals = [1, 15, 30] as const;

/** The name of the scrape job. */
export function scrapeJob(interval: number): string {
  return `kube-state-metrics-${interval}s`;
}

/** The last termination of one container in one scrape. */
interface Sample {
  readonly endedAt?: number;
  readonly exitCode?: number;
  readonly reason?: string;
}

/**
 * For how many restarts any scrape showed the termination: its time, exit code and reason together.
 * https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/workload/pod-metrics.md
 */
export async function readableRestarts(
  query: InstantQuery,
  interval: number,
  restarts: readonly TrueRestart[],
): Promise<number> {
  const samples = new Map<string, Map<number, Sample>>();
  for (const kind of ['', 'init_']) {
    const family = (name: string) =>
      query(`kube_pod_${kind}container_status_last_terminated_${name}{job="${scrapeJob(interval)}"}[1d]`);
    add(samples, await family('timestamp'), (value) => ({ endedAt: Number(value) }));
    add(samples, await family('exitcode'), (value) => ({ exitCode: Number(value) }));
    add(samples, await family('reason'), (value, { reason = '' }) => (value === '1' ? { reason } : {}));
  }
  const isReadable = ({ run }: TrueRestart) =>
    [...(samples.get(`${run.uid}/${run.container}`)?.values() ?? [])].some(
      ({ endedAt = 0, exitCode, reason }) =>
        Math.abs(endedAt - (run.endedAt ?? run.createdAt)) <= 1 &&
        exitCode !== undefined &&
        exitCode === (run.exitCode ?? exitCode) &&
        reason !== undefined,
    );
  return restarts.filter(isReadable).length;
}

function add(
  samples: Map<string, Map<number, Sample>>,
  found: readonly Series[],
  read: (value: string, labels: Series['metric']) => Sample,
): void {
  for (const { metric, values = [] } of found) {
    const key = `${metric['uid']}/${metric['container']}`;
    const times = samples.get(key) ?? new Map<number, Sample>();
    samples.set(key, times);
    for (const [time, value] of values) times.set(time, { ...times.get(time), ...read(value, metric) });
  }
}
