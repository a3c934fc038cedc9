import { readPod } from '../../lib/kubernetes/objects/pod.ts';
import { isObject } from '../../lib/narrow.ts';
import { type Restart, restartId, restartsOf } from '../../lib/restarts/restart.ts';
import { recordKey } from './expected-series.ts';
import type { ShownRestart, Status } from './kubelet-model.ts';

/** The differences between the records after some statuses and what they showed. */
export interface Comparison {
  /** How many restarts the statuses showed. */
  readonly shown: number;
  /** Of these, how many were in `state` only. */
  readonly shownInStateAlone: number;
  /** Shown, and not recorded. */
  readonly missing: readonly string[];
  /** Recorded, but not as shown; including terminations after which the kubelet restarts nothing. */
  readonly wrong: readonly string[];
  /** Runs of a container whose termination is recorded more than once. */
  readonly twice: readonly string[];
}

/** The records after these statuses, by the domain alone: each restart under its key, merged with later statuses. */
export function compareRecords(statuses: readonly Status[]): Comparison {
  const shown = new Map<string, ShownRestart[]>();
  const recorded = new Map<string, Set<string>>();
  for (const status of statuses) {
    for (const restart of status.shown) if (restart.ordinal >= 1) add(shown, shownKey(restart), restart);
    if (!isObject(status.pod)) continue;
    for (const restart of restartsOf(readPod(status.pod))) {
      const key = recordedKey(restart);
      recorded.set(key, (recorded.get(key) ?? new Set()).add(recordedFacts(restart)));
    }
  }
  const wrong = [...recorded].filter(([key, facts]) => !isAsShown(facts, shown.get(key)));
  const runs = new Map<string, string[]>();
  for (const [key, [first]] of shown) {
    if (first !== undefined && recorded.has(key))
      add(runs, `${first.uid} ${first.container} ${first.run}`, key);
  }
  return {
    shown: shown.size,
    shownInStateAlone: [...shown.values()].filter((all) => all.every(({ isPresent }) => isPresent)).length,
    missing: [...shown.keys()].filter((key) => !recorded.has(key)),
    wrong: wrong.map(([key, facts]) => [key, ...facts].join(' ')),
    twice: [...runs.values()].filter((keys) => keys.length > 1).map((keys) => keys.join(' and ')),
  };
}

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** Every status that shows a restart must show the same fields, except for the time of the new start. */
function isAsShown(facts: ReadonlySet<string>, shown: readonly ShownRestart[] = []): boolean {
  const expected = new Set(shown.map(shownFacts));
  return facts.size === expected.size && [...facts].every((fact) => expected.has(fact));
}

function shownKey(restart: ShownRestart): string {
  const { namespace, pod, uid, container, restart_id } = recordKey(restart, '');
  return [namespace, pod, uid, container, restart_id].join('/');
}

function recordedKey(restart: Restart): string {
  const { namespace, pod, uid, container } = restart;
  return [namespace, pod, uid, container, restartId(restart)].join('/');
}

function shownFacts(restart: ShownRestart): string {
  const { plan, kind, exitCode, reason, signal, startedAt, containerId, image, restartedAt } = restart;
  const { owner, workload, node } = plan;
  const why = reason || (signal === undefined ? `ExitCode:${exitCode}` : `Signal:${signal}`);
  const times = [seconds(startedAt) || undefined, seconds(restart.finishedAt), seconds(restartedAt)];
  const of = [owner?.kind ?? '', owner?.name ?? '', workload?.type ?? '', workload?.name ?? ''];
  return [restart.ordinal, kind, exitCode, why, ...times, containerId, image, node, ...of].join('|');
}

function recordedFacts(restart: Restart): string {
  const { containerKind: kind, exitCode, reason, containerId, image, node } = restart;
  const times = [restart.startedAt, restart.finishedAt, restart.restartedAt];
  const of = [restart.ownerKind, restart.ownerName, restart.workloadType, restart.workload];
  return [restart.ordinal, kind, exitCode, reason, ...times, containerId, image, node, ...of].join('|');
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1000);
}
