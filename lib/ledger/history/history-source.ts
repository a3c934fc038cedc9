import { identityOf } from '../../restarts/history.ts';
import { type Restart, restartTime } from '../../restarts/restart.ts';

/** Unix seconds, both included; `undefined` where the range is open. */
export interface TimeRange {
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** Where recorded restarts are read from. */
export interface HistorySource {
  /** For people: `Prometheus http://…`, `the cluster's statuses (only the newest restart of each container)`. */
  readonly description: string;
  /**
   * Each restart once, the oldest first; those whose time is unknown come before all others, and are in an open range
   * alone.
   *
   * @throws LedgerError of the kinds of what is read: `prometheus-unavailable`, `gateway-unavailable`, `cluster-…`.
   */
  read(range: TimeRange): Promise<readonly Restart[]>;
}

/** Restarts by their identity. */
export type RestartsById = Map<string, Restart>;

/** Whether a restart is in a range. One without a time is in the one that is open at both ends alone. */
export function isWithin(restart: Restart, { since, until }: TimeRange): boolean {
  if (since === undefined && until === undefined) return true;
  const time = restartTime(restart);
  return time !== undefined && time >= (since ?? time) && time <= (until ?? time);
}

/** The restarts of a range in their order. */
export function inOrder(restarts: Iterable<Restart>, range: TimeRange): readonly Restart[] {
  return [...restarts].filter((restart) => isWithin(restart, range)).sort(byTime);
}

/** The oldest first; those of one second by their names, then by their count. */
export function byTime(a: Restart, b: Restart): number {
  return (
    (restartTime(a) ?? 0) - (restartTime(b) ?? 0) ||
    compare(a.namespace, b.namespace) ||
    compare(a.pod, b.pod) ||
    compare(a.container, b.container) ||
    a.ordinal - b.ordinal
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Adds an observation of a restart; `combine` makes one of it and an earlier one of the same restart. */
export function addTo(
  restarts: RestartsById,
  restart: Restart,
  combine: (known: Restart, added: Restart) => Restart,
): void {
  const id = identityOf(restart);
  const known = restarts.get(id);
  restarts.set(id, known === undefined ? restart : combine(known, restart));
}
