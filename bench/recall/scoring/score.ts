import type { Run } from './container-runs.ts';
import type { RestartRecord } from './records.ts';

/** A container's termination after which the kubelet has created another container. */
export interface TrueRestart {
  readonly run: Run;
  /** 1 for the first restart of a container of a Pod. */
  readonly ordinal: number;
}

export interface Score {
  /** By containerd's events. */
  readonly trueRestarts: number;
  readonly onRecord: number;
  /** Records beyond the first of one restart. */
  readonly twice: number;
  /** Records of a restart with another number, exit code, time or reason. */
  readonly wrong: number;
  /** Records of a termination that no restart followed, nor was to follow. */
  readonly invented: number;
  /** Records of a termination whose restart was still pending when the run ended or its Pod was deleted. */
  readonly awaited: number;
  /** A line for each record that is missing, duplicated, wrong or invented. */
  readonly findings: readonly string[];
}

export interface Account {
  readonly runs: readonly Run[];
  /** See `AuditedPods`. */
  readonly deletions: ReadonlyMap<string, number>;
  /** See `ScenarioContainer`, by container name. */
  readonly restartedAfter: ReadonlyMap<string, readonly number[]>;
}

const containerOf = (run: { readonly uid: string; readonly container: string }) =>
  `${run.uid}/${run.container}`;

/** The containers of one container of one Pod, in order. */
function runsByContainer(runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> {
  return Map.groupBy(runs, containerOf);
}

export function trueRestarts(runs: readonly Run[]): readonly TrueRestart[] {
  return [...runsByContainer(runs).values()].flatMap((each) =>
    each.slice(0, -1).map((run, index) => ({ run, ordinal: index + 1 })),
  );
}

/** Compares records with containerd's events. */
export function score(account: Account, records: readonly RestartRecord[]): Score {
  const { runs } = account;
  const restarts = trueRestarts(runs);
  const ordinals = new Map(
    [...runsByContainer(runs).values()].flatMap((each) =>
      each.map((run, index) => [run.id, index + 1] as const),
    ),
  );
  const byId = new Map(runs.map((run) => [run.id, run]));
  const answered = new Set(restarts.map(({ run }) => run.id));
  const byOrdinal = new Map(restarts.map(({ run, ordinal }) => [`${containerOf(run)}/${ordinal}`, run]));

  const recorded = new Set<string>();
  const findings: string[] = [];
  const counts = { twice: 0, wrong: 0, invented: 0, awaited: 0 };
  for (const record of records) {
    const run =
      record.containerId === ''
        ? byOrdinal.get(`${containerOf(record)}/${record.ordinal}`)
        : byId.get(record.containerId);
    if (run === undefined || !(answered.has(run.id) || isAwaited(run, account))) {
      counts.invented += 1;
      findings.push(
        `invented: ${subject(record)} #${record.ordinal}, ${run === undefined ? 'no such container' : `ended with ${run.exitCode}`}`,
      );
      continue;
    }
    const differences = differencesOf(record, run, ordinals.get(run.id));
    if (differences.length > 0) {
      counts.wrong += 1;
      findings.push(`wrong: ${subject(record)} #${record.ordinal}, ${differences.join(', ')}`);
    }
    if (recorded.has(run.id)) {
      counts.twice += 1;
      findings.push(`twice: ${subject(record)} #${record.ordinal}`);
    } else if (!answered.has(run.id)) counts.awaited += 1;
    recorded.add(run.id);
  }
  for (const { run, ordinal } of restarts) {
    if (!recorded.has(run.id))
      findings.push(
        `lacks: ${subject(run)} #${ordinal}, ended with ${run.exitCode} at ${run.endedAt}, ${run.id}`,
      );
  }
  const onRecord = restarts.filter(({ run }) => recorded.has(run.id)).length;
  return { trueRestarts: restarts.length, onRecord, ...counts, findings };
}

/** Whether the kubelet was about to restart a container that has no successor. */
function isAwaited(run: Run, { deletions, restartedAfter }: Account): boolean {
  const deletedAt = deletions.get(run.uid) ?? Number.POSITIVE_INFINITY;
  const codes = restartedAfter.get(run.container) ?? [];
  if (run.exitCode === undefined || run.endedAt === undefined)
    return run.startedAt === undefined && codes.length > 0;
  return codes.includes(run.exitCode) && run.endedAt < deletedAt;
}

/** The status knows whole seconds; the kubelet may have read the time before or after containerd's event. */
const toleratedSeconds = 1;

function differencesOf(record: RestartRecord, run: Run, ordinal: number | undefined): readonly string[] {
  const differences: string[] = [];
  if (record.ordinal !== ordinal) differences.push(`true number ${ordinal}`);
  if (run.exitCode !== undefined && record.exitCode !== run.exitCode && !isBrokenStart(record, run))
    differences.push(`exit code ${record.exitCode}, true ${run.exitCode}`);
  if (run.endedAt !== undefined && Math.abs(record.endedAt - run.endedAt) > toleratedSeconds)
    differences.push(`ended at ${record.endedAt}, true ${run.endedAt}`);
  if (run.outOfMemory && run.exitCode === 137 && record.reason !== 'OOMKilled')
    differences.push(`reason ${record.reason}, true OOMKilled`);
  return differences;
}

/**
 * Whether both are of a start that the kubelet began as it was killed: containerd ends the container, which its own
 * event has as 137, and its status for the kubelet as a start that failed, 128.
 */
function isBrokenStart({ exitCode, reason }: RestartRecord, run: Run): boolean {
  const seconds = (run.endedAt ?? Number.NaN) - (run.startedAt ?? Number.NaN);
  return reason === 'StartError' && exitCode === 128 && run.exitCode === 137 && seconds < 2;
}

function subject({ namespace, pod, container }: Run | RestartRecord): string {
  return `${namespace}/${pod} ${container}`;
}
