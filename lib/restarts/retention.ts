import { type Restart, restartTime } from './restart.ts';

/** How long a record is kept. */
export interface Retention {
  /** From the restart on; `Infinity` keeps everything. */
  readonly seconds: number;
  /** The most records of one container. */
  readonly maxPerContainer: number;
}

/**
 * Whether a restart of this time is within retention; one of unknown time is. A sweep and a push decide
 * by this alone, so that a push never restores what a sweep has deleted.
 *
 * @param time When the restart happened, in Unix seconds.
 * @param nowSeconds Unix time.
 */
export function isKept(
  time: number | undefined,
  { seconds }: Pick<Retention, 'seconds'>,
  nowSeconds: number,
): boolean {
  return time === undefined || time >= nowSeconds - seconds;
}

/** Restarts by whether they are within retention: those that are not are skipped wherever restarts are recorded. */
export function byRetention(
  restarts: readonly Restart[],
  retention: Pick<Retention, 'seconds'>,
  nowSeconds: number,
): { readonly kept: readonly Restart[]; readonly expired: readonly Restart[] } {
  const { kept = [], expired = [] } = Object.groupBy(restarts, (restart) =>
    isKept(restartTime(restart), retention, nowSeconds) ? 'kept' : 'expired',
  );
  return { kept, expired };
}

/** The order and the times of a record. */
export interface Dated {
  readonly ordinal: number;
  /** When the restart happened, in Unix seconds. */
  readonly time: number | undefined;
  /** When its record was last pushed to, in Unix seconds. */
  readonly pushedAt: number | undefined;
}

/** The time of a record: of its restart, else of its push; one without either never expires. */
export function recordTime({ time, pushedAt }: Dated): number {
  return time ?? pushedAt ?? Number.POSITIVE_INFINITY;
}

/** The records of one container by their restarts' order, the oldest first. */
export function byTime(a: Dated, b: Dated): number {
  const [first, second] = [recordTime(a), recordTime(b)];
  return first === second ? a.ordinal - b.ordinal : first - second;
}

/** Of one container's records those that may be deleted: what is past retention, and what is beyond the newest so many. */
export function disposable<Record extends Dated>(
  records: readonly Record[],
  retention: Retention,
  nowSeconds: number,
): { readonly expired: readonly Record[]; readonly surplus: readonly Record[] } {
  const expired = records.filter((record) => !isKept(recordTime(record), retention, nowSeconds));
  const kept = records.filter((record) => isKept(recordTime(record), retention, nowSeconds)).sort(byTime);
  return { expired, surplus: kept.slice(0, -retention.maxPerContainer) };
}
