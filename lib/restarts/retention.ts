import { type Restart, restartTime } from './restart.ts';

/** How long a record is kept. */
export interface Retention {
  /** From the restart on; `Infinity` keeps everything. */
  readonly seconds: number;
  /** The most records of one container. */
  readonly maxPerContainer: number;
  /** The most records of all; Pods that are created anew have new ones each. `Infinity` is no limit. */
  readonly maxRecords: number;
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
  const kept: Restart[] = [];
  const expired: Restart[] = [];
  for (const restart of restarts) {
    const group = isKept(restartTime(restart), retention, nowSeconds) ? kept : expired;
    group.push(restart);
  }
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

/** How far a node's clock may be ahead of ours, in seconds. */
const farthestAhead = 3600;

/**
 * The record without a time that is more than an hour ahead, which is an error of a clock or of a status: by that time it would
 * never expire, and would displace those whose time is right. Its identity keeps the time, so that it stays one record.
 */
export function withPlausibleTime<Record extends Dated>(record: Record, nowSeconds: number): Record {
  const { time } = record;
  return time === undefined || time <= nowSeconds + farthestAhead ? record : { ...record, time: undefined };
}

/** The time of a record: of its restart, else of its push; one without either never expires. */
export function recordTime({ time, pushedAt }: Dated): number {
  return time ?? pushedAt ?? Number.POSITIVE_INFINITY;
}

/** Records by their restarts' order, the oldest first; those of one second by their ordinals. */
export function byTime(a: Dated, b: Dated): number {
  const [first, second] = [recordTime(a), recordTime(b)];
  return first === second ? a.ordinal - b.ordinal : first - second;
}

/** Records that may be deleted. */
export interface Disposable<Record> {
  /** Past retention. */
  readonly expired: readonly Record[];
  /** Within retention, and beyond the newest so many of their container, or of all. */
  readonly surplus: readonly Record[];
}

/** Which of all records may be deleted. @param containers The records of each container. */
export function disposable<Record extends Dated>(
  containers: Iterable<readonly Record[]>,
  retention: Retention,
  nowSeconds: number,
): Disposable<Record> {
  const expired: Record[] = [];
  const surplus: Record[] = [];
  const remaining: Record[] = [];
  for (const given of containers) {
    const records = given.map((record) => withPlausibleTime(record, nowSeconds)).sort(byTime);
    const kept = records.filter((record) => isKept(recordTime(record), retention, nowSeconds));
    const beyond = Math.max(0, kept.length - retention.maxPerContainer);
    expired.push(...records.filter((record) => !isKept(recordTime(record), retention, nowSeconds)));
    surplus.push(...kept.slice(0, beyond));
    remaining.push(...kept.slice(beyond));
  }
  const beyondAll = Math.max(0, remaining.length - retention.maxRecords);
  if (beyondAll > 0) surplus.push(...remaining.sort(byTime).slice(0, beyondAll));
  return { expired, surplus };
}
