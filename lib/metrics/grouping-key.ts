import { type Restart, restartId } from '../restarts/restart.ts';
import { type LabelValue, metricFamilies } from './families.ts';

/** Label names and values in the order of the push URL; `job` comes first. */
export type GroupingKey = readonly (readonly [label: string, value: string])[];

/** The part of every grouping key that the configuration gives. */
export interface GroupingSettings {
  /** Never empty. */
  readonly job: string;
  /** Further labels of every series, as `cluster="eu-1"`. */
  readonly groupingLabels: GroupingKey;
}

const identity: readonly (readonly [label: string, textOf: LabelValue])[] = [
  ['namespace', (restart) => restart.namespace],
  ['pod', (restart) => restart.pod],
  ['uid', (restart) => restart.uid],
  ['container', (restart) => restart.container],
  ['restart_id', restartId],
];

/** The grouping key of one restart: the same for every push of it. */
export function groupingKey(restart: Restart, { job, groupingLabels }: GroupingSettings): GroupingKey {
  return [
    ['job', job],
    ...groupingLabels,
    ...identity.map(([label, textOf]) => [label, textOf(restart)] as const),
  ];
}

/** The labels that identify a restart within a job, in the order of the grouping key. */
export const identityLabels: readonly string[] = identity.map(([label]) => label);

/** The labels that the families add to the grouping key. */
export const familyLabels: ReadonlySet<string> = new Set(
  metricFamilies.flatMap((family) => Object.keys(family.labels)),
);

/**
 * The label names that may not be configured as constant ones: a grouping label overwrites a
 * pushed label of the same name.
 */
export const takenLabels: ReadonlySet<string> = new Set(['job', 'le', ...identityLabels, ...familyLabels]);
