/**
 * The PromQL of the panels, with the dashboard's variables.
 *
 * A record stays in the gateway for days, so a sample says that a restart is on record, and not when it happened: that
 * is the value of `pod_monitor_container_restart_events`. Hence `@ end()`: what is on record at the end of the shown range
 * is shown at its own time, however late it was recorded, and so is what was swept in between.
 */

/** The labels by which two series are of one restart. */
const key = 'job, namespace, pod, uid, container, restart_id';

const container = 'cluster, namespace, pod, container';

const place = 'cluster=~"$cluster", namespace=~"$namespace"';

/** A Pod that stands alone has no workload: it is shown while all workloads are selected. */
const workload = 'workload=~"$workload"';

/** The family as it was last on record in the shown range. */
function onRecord(family: string, ...matchers: readonly string[]): string {
  const selector = [place, ...matchers].join(', ');
  return `last_over_time(pod_monitor_container_restart_${family}{${selector}}[$__range] @ end())`;
}

/** `samples`, without those of other workloads. */
function ofWorkload(samples: string): string {
  return `(${samples} and on (${key}) ${onRecord('details', workload)})`;
}

function times(...matchers: readonly string[]): string {
  return ofWorkload(onRecord('events', ...matchers));
}

const chosenTimes = times('reason=~"$reason"');

/** One sample a restart that happened in the shown range: its time. */
const inRange = `(${chosenTimes} >= $__from / 1000)`;

export const restarts = `count(${inRange}) or vector(0)`;

export const restartedContainers = `count(count by (${container}) (${inRange})) or vector(0)`;

const oomKillsInRange = `(${times('reason="OOMKilled"')} >= $__from / 1000)`;

export const oomKills = `count(${oomKillsInRange}) or vector(0)`;

/** One sample a kill: its time, in milliseconds. */
export const oomKillTimes = `1000 * ${oomKillsInRange}`;

/** One sample a restart: its time, in milliseconds. */
export const restartTimes = `1000 * ${inRange}`;

/** At each step, the restarts that happened since the step before. */
export const restartsByReason = `count by (reason) ((${chosenTimes} > time() - $__interval_ms / 1000) <= time())`;

export const topContainers = `topk(10, count by (${container}) (${inRange}))`;

/** A rollout replaces the Pods and the ReplicaSet of a Deployment; its name stays. */
export const topWorkloads = `topk(10, count by (cluster, namespace, workload_type, workload) (
  ${onRecord('details', 'workload!=""', workload)} and on (${key}) ${inRange}
))`;

export const restartsByExitCode = `count by (exit_code) (${inRange})`;

/** Containers that restarted three times or more within some 30 minutes, with their highest count. */
export const crashLoops = `max_over_time(
  (count by (${container}) ((${chosenTimes} > time() - 1800) <= time()))[$__range:5m]
) >= 3`;

/** All details of each restart in the shown range; the value is its time, in milliseconds. */
export const details = withDetails(inRange);

export const oomDetails = withDetails(oomKillsInRange);

function withDetails(restartTimes: string): string {
  return `1000 * ${onRecord('details')} * on (${key}) group_left () ${restartTimes}`;
}

/** How many restarts took up to `le` seconds until the container ran again. */
export const downTimes = `sum by (le) (${ofWorkload(onRecord('time_bucket', 'reason=~"$reason"'))})`;

export const longestDownTimes = `topk(10, ${ofWorkload(onRecord('time_sum', 'reason=~"$reason"'))})`;

export const missedRestarts = 'sum(pod_monitor_restarts_missed{cluster=~"$cluster"})';

export const missedByContainer = `pod_monitor_container_restarts_missed{${place}} > 0`;

/** Per second, by the label. */
export function rateBy(label: string, counter: string): string {
  return `sum by (${label}) (rate(${counter}[$__rate_interval]))`;
}

export function quantile(share: number, histogram: string): string {
  return `histogram_quantile(${share}, ${rateBy('le', `${histogram}_bucket`)})`;
}

/** The resident memory of the processes that have `metric`. */
export function memoryOf(metric: string): string {
  return `process_resident_memory_bytes and on (job, instance) ${metric}`;
}

export const eventsInFlight = 'sum(restart_ledger_events_in_flight)';

export const storedGroups = 'count(push_time_seconds)';

export const failingGroups = 'count(push_failure_time_seconds > push_time_seconds) or vector(0)';

const pushDuration = 'pushgateway_http_push_duration_seconds';

export const meanPushDuration = `sum(rate(${pushDuration}_sum[$__rate_interval])) / sum(rate(${pushDuration}_count[$__rate_interval]))`;
