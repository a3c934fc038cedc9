import { expectedSeries, recordKey } from '../helpers/expected-series.ts';
import type { ShownRestart } from '../helpers/kubelet-model.ts';
import type { Span } from './broker.ts';

/** What the broker delivered of an event, and what the event showed. */
export interface Delivered {
  readonly shown: readonly ShownRestart[];
  readonly acknowledged: readonly Span[];
}

/** An end of the Pushgateway, at which it may have lost what it had accepted. */
export interface PossibleLoss {
  /** It was killed, or it was ended in good order. */
  readonly by: 'kill' | 'orderly restart';
  /** When it had ended, in Unix milliseconds. */
  readonly at: number;
  /** The lines that it held shortly before: of everything that was accepted before `since`, and maybe more. */
  readonly held: { readonly since: number; readonly lines: ReadonlySet<string> };
}

/** The records of some restarts beside what was shown of them. */
export interface Account {
  /** Restarts that events showed. */
  readonly shown: number;
  /** Those with an acknowledgement that no end of the Pushgateway could excuse, had it never held them. */
  readonly accountable: number;
  /** Restarts on record, whatever else is on record of them. */
  readonly recorded: number;
  /** By name: restarts that were acknowledged, and that the Pushgateway never held, or a part of them. */
  readonly lostByFunction: readonly string[];
  /** Restarts, or parts of them, that it held before a kill, or whose acknowledgement came too late to show that. */
  readonly lostByKill: readonly string[];
  /** The same for a restart in good order. */
  readonly lostInOrderlyRestart: readonly string[];
  /** Runs of a container that are recorded under two identities. */
  readonly twice: readonly string[];
  /** Records that say something else than the events. */
  readonly wrong: readonly string[];
  /** Records of what no event showed as a restart. */
  readonly invented: readonly string[];
}

/**
 * Compares the records with what was shown. A missing record is excused by an end of the Pushgateway only where it is known to
 * have held it before, or where each acknowledgement came after it was asked.
 *
 * @param stored The lines of `storedSeries` of the families that are recorded.
 */
export function accountOf(
  delivered: readonly Delivered[],
  stored: readonly string[],
  ends: readonly PossibleLoss[],
  job: string,
): Account {
  const expected = new Map<string, { readonly record: string; readonly acknowledged: Span[] }>();
  const records = new Set<string>();
  const accountable = new Set<string>();
  const runs = new Map<string, Set<string>>();
  const linesOf = memoizedLines(job);
  for (const { shown, acknowledged } of delivered) {
    const isAccountable = lossOf(undefined, acknowledged, ends) === 'function';
    for (const restart of shown) {
      if (restart.ordinal < 1) continue;
      const record = nameOf(recordKey(restart, job));
      const run = `${restart.plan.namespace} ${restart.uid} ${restart.container} ${restart.run}`;
      records.add(record);
      if (isAccountable) accountable.add(record);
      runs.set(run, (runs.get(run) ?? new Set()).add(record));
      for (const line of linesOf(record, restart)) {
        const known = expected.get(line);
        if (known === undefined) expected.set(line, { record, acknowledged: [...acknowledged] });
        else known.acknowledged.push(...acknowledged);
      }
    }
  }

  const recorded = new Set(stored.map(nameOfLine));
  const unexpected = new Set(stored.filter((line) => !expected.has(line)).map(nameOfLine));
  const lost = new Map<string, Loss>();
  const there = new Set(stored);
  for (const [line, { record, acknowledged }] of expected) {
    if (there.has(line) || unexpected.has(record)) continue;
    lost.set(record, gravest(lossOf(line, acknowledged, ends), lost.get(record)));
  }
  const lostBy = (loss: Loss) => [...lost].filter(([, by]) => by === loss).map(([record]) => record);
  return {
    shown: records.size,
    accountable: accountable.size,
    recorded: [...records].filter((record) => recorded.has(record)).length,
    lostByFunction: lostBy('function'),
    lostByKill: lostBy('kill'),
    lostInOrderlyRestart: lostBy('orderly restart'),
    twice: [...runs.values()]
      .map((keys) => [...keys].filter((record) => recorded.has(record)))
      .filter((keys) => keys.length > 1)
      .map((keys) => keys.join(' and ')),
    wrong: [...unexpected].filter((record) => records.has(record)),
    invented: [...unexpected].filter((record) => !records.has(record)),
  };
}

type Loss = 'function' | PossibleLoss['by'];

/** @param line `undefined`: one that the Pushgateway never held. */
function lossOf(
  line: string | undefined,
  acknowledged: readonly Span[],
  ends: readonly PossibleLoss[],
): Loss {
  // The last of the ends that may have lost it is the one that has: the earlier ones left it, or it came again.
  const causes = acknowledged.map(({ from, to }) =>
    ends.findLast(
      ({ at, held }) => from <= at && (to >= held.since || (line !== undefined && held.lines.has(line))),
    ),
  );
  if (causes.includes(undefined)) return 'function';
  return causes.some((cause) => cause?.by === 'orderly restart') ? 'orderly restart' : 'kill';
}

const byGravity: readonly Loss[] = ['kill', 'orderly restart', 'function'];

function gravest(one: Loss, other: Loss = one): Loss {
  return byGravity.indexOf(one) > byGravity.indexOf(other) ? one : other;
}

const recordedFamilies =
  /^(?:pod_monitor_container_restart_(?:total|events|details)|push_failure_time_seconds)\{/;

/** Whether a line belongs to a family that is recorded by default. */
export function isRecordedLine(line: string): boolean {
  return recordedFamilies.test(line);
}

/** What one status says of a restart, computed once for all that say the same. */
function memoizedLines(job: string): (record: string, restart: ShownRestart) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (record, restart) => {
    const key = `${record} ${restart.restartedAt}`;
    const lines = known.get(key) ?? expectedSeries([restart], job).filter(isRecordedLine);
    known.set(key, lines);
    return lines;
  };
}

const identity = ['namespace', 'pod', 'uid', 'container', 'restart_id'] as const;

function nameOf(key: Readonly<Record<string, string>>): string {
  return identity.map((label) => key[label]).join('/');
}

function nameOfLine(line: string): string {
  return identity.map((label) => new RegExp(`[{,]${label}="([^"]*)"`).exec(line)?.[1]).join('/');
}
