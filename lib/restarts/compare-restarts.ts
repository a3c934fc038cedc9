import { workloadName } from './count-restarts.ts';
import { type Restart, restartTime } from './restart.ts';

/** The restarts of a workload with one reason before and after a point of time. */
export interface Comparison {
  readonly workload: string;
  readonly reason: string;
  readonly before: Period;
  readonly after: Period;
}

export interface Period {
  readonly restarts: number;
  /** Restarts per day. */
  readonly perDay: number;
  /** The images that had run, each once, in the order of their first restarts. */
  readonly images: readonly string[];
}

/** Unix seconds: a time between two others. */
export interface ComparedTimes {
  readonly since: number;
  readonly at: number;
  readonly until: number;
}

/** Seconds; rates of shorter periods would say more than is known. */
const shortestPeriod = 3600;

/**
 * Restarts before and after a time, by workload and reason, those with the largest rate before or after first. A restart in the very
 * second is after it. Those without a time are left out.
 *
 * @param restarts The oldest first.
 */
export function compareRestarts(
  restarts: readonly Restart[],
  { since, at, until }: ComparedTimes,
): readonly Comparison[] {
  const dated = restarts.flatMap((restart) => {
    const time = restartTime(restart);
    return time === undefined || time < since || time > until ? [] : [{ restart, isAfter: time >= at }];
  });
  const groups = Map.groupBy(dated, ({ restart }) => JSON.stringify([workloadName(restart), restart.reason]));
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const of = (isAfter: boolean) =>
        group.filter((each) => each.isAfter === isAfter).map(({ restart }) => restart);
      return [
        {
          workload: workloadName(first.restart),
          reason: first.restart.reason,
          before: period(of(false), at - since),
          after: period(of(true), until - at),
        },
      ];
    })
    .toSorted((a, b) => largestRate(b) - largestRate(a) || compareNames(a, b));
}

function period(restarts: readonly Restart[], seconds: number): Period {
  return {
    restarts: restarts.length,
    perDay: ratePerDay(restarts.length, seconds),
    images: [...new Set(restarts.map(({ image }) => image).filter((image) => image !== ''))],
  };
}

/** Restarts per day of so many in so many seconds. */
export function ratePerDay(restarts: number, seconds: number): number {
  return (restarts * 86_400) / Math.max(seconds, shortestPeriod);
}

function largestRate({ before, after }: Comparison): number {
  return Math.max(before.perDay, after.perDay);
}

function compareNames(a: Comparison, b: Comparison): number {
  const [first, second] = [`${a.workload} ${a.reason}`, `${b.workload} ${b.reason}`];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
