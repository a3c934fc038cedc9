import { type Restart, restartTime } from './restart.ts';

/** What restarts can be counted by. */
export const countedBy = ['workload', 'container', 'node', 'image', 'reason', 'namespace'] as const;
export type CountedBy = (typeof countedBy)[number];

/** The name that restarts are counted under; empty when unknown. */
const nameOf: Readonly<Record<CountedBy, (restart: Restart) => string>> = {
  workload: workloadName,
  container: (restart) => `${workloadName(restart)}/${restart.container}`,
  node: ({ node }) => node,
  image: ({ image }) => image,
  reason: ({ reason }) => reason,
  namespace: ({ namespace }) => namespace,
};

/** Namespace and workload; the Pod's name stands for the workload of a Pod that stands alone. */
export function workloadName({ namespace, workload, pod }: Restart): string {
  return `${namespace}/${workload || pod}`;
}

/** The restarts under one name. */
export interface RestartCount {
  readonly name: string;
  readonly restarts: number;
  /** How often each reason, the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
  /** Unix seconds of the newest; `undefined` when no time is known. */
  readonly last: number | undefined;
}

/** Counts of restarts by name, the largest first; those alike in the order of their names. */
export function countRestarts(restarts: readonly Restart[], by: CountedBy): readonly RestartCount[] {
  return [...Map.groupBy(restarts, nameOf[by])]
    .map(([name, group]) => ({
      name,
      restarts: group.length,
      reasons: [...Map.groupBy(group, ({ reason }) => reason)]
        .map(([reason, { length }]) => [reason, length] as const)
        .toSorted(([a, first], [b, second]) => second - first || (a < b ? -1 : 1)),
      last: newest(group),
    }))
    .toSorted((a, b) => b.restarts - a.restarts || (a.name < b.name ? -1 : 1));
}

function newest(restarts: readonly Restart[]): number | undefined {
  return restarts.reduce<number | undefined>((last, restart) => {
    const time = restartTime(restart);
    return time === undefined || (last !== undefined && last >= time) ? last : time;
  }, undefined);
}
