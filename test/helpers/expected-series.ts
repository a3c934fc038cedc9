import type { ShownRestart } from './kubelet-model.ts';
import { seriesLine } from './series.ts';

/**
 * The series that a gateway must have stored after statuses that showed these restarts, in any order and any number of times: the lines of
 * `storedSeries`, computed from what the model knows and from the documented families alone.
 */
export function expectedSeries(shown: Iterable<ShownRestart>, job: string): readonly string[] {
  const records = new Map<string, ShownRestart>();
  for (const restart of shown) {
    if (restart.ordinal < 1) continue;
    const identity = JSON.stringify(recordKey(restart, job));
    if (records.get(identity)?.restartedAt === undefined) records.set(identity, restart);
  }
  return [...records.values()].flatMap((restart) => recordSeries(restart, job)).sort();
}

/** The labels that identify a restart. */
export function recordKey({ plan, uid, container, ordinal, finishedAt }: ShownRestart, job: string) {
  const { namespace, name: pod } = plan;
  return { job, namespace, pod, uid, container, restart_id: `${ordinal}_${seconds(finishedAt) ?? 0}` };
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300, Infinity];

function recordSeries(restart: ShownRestart, job: string): readonly string[] {
  const { plan, exitCode, signal, kind, containerId, image } = restart;
  const startedAt = seconds(restart.startedAt) || undefined;
  const finishedAt = seconds(restart.finishedAt);
  const restartedAt = seconds(restart.restartedAt);
  const happenedAt = finishedAt ?? restartedAt;
  const key = recordKey(restart, job);
  const why = {
    reason: restart.reason || (signal === undefined ? `ExitCode:${exitCode}` : `Signal:${signal}`),
    exit_code: String(exitCode),
  };
  const restart_count = String(restart.ordinal);
  const family = (name: string, labels: Readonly<Record<string, string>>, value: number) =>
    seriesLine(`pod_monitor_container_restart_${name}`, { ...key, ...labels }, value);

  const lines = [
    seriesLine('push_failure_time_seconds', key, 0),
    family('total', { reason: why.reason }, 1),
    family(
      'details',
      {
        ...why,
        restart_count,
        finished_time: rfc3339(finishedAt),
        duration: startedAt === undefined || finishedAt === undefined ? '' : duration(finishedAt - startedAt),
        container_type: kind,
        container_id: containerId,
        node: plan.node,
        image,
        owner_kind: plan.owner?.kind ?? '',
        owner_name: plan.owner?.name ?? '',
        workload: plan.workload?.name ?? '',
        workload_type: plan.workload?.type ?? '',
      },
      1,
    ),
    family(
      'info',
      { ...why, restart_count, finished_at: rfc3339(finishedAt), started_at: rfc3339(startedAt) },
      1,
    ),
  ];
  if (happenedAt !== undefined) {
    lines.push(family('events', { ...why, restart_count }, happenedAt));
    lines.push(family('event', { ...why, container_id: containerId }, happenedAt));
  }
  if (finishedAt !== undefined && restartedAt !== undefined) {
    const down = restartedAt - finishedAt;
    const le = (bound: number) => (bound === Infinity ? '+Inf' : String(bound));
    lines.push(
      ...bounds.map((bound) => family('time_bucket', { ...why, le: le(bound) }, down <= bound ? 1 : 0)),
    );
    lines.push(family('time_sum', why, down), family('time_count', why, 1));
  }
  return lines;
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1000);
}

function rfc3339(unixSeconds: number | undefined): string {
  return unixSeconds === undefined ? '' : `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** As Go prints it. */
function duration(length: number): string {
  const [hours, minutes] = [Math.floor(length / 3600), Math.floor(length / 60)];
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes % 60}m` : ''}${length % 60}s`;
}
