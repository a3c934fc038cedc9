import { type MetricFamily, metricFamilies } from '../metrics/families.ts';
import {
  familyLabels,
  type GroupingKey,
  type GroupingSettings,
  identityLabels,
} from '../metrics/grouping-key.ts';
import { readSample, type Sample } from '../metrics/read-sample.ts';
import { groupPath } from './group-path.ts';

/** A restart's record as the gateway stores it. */
export interface StoredGroup {
  /** The path of its group below the base URL, which contains its other labels too: {@link containerOf}. */
  readonly path: string;
  readonly ordinal: number;
  /** When the restart happened, in Unix seconds: from its `restart_id`, else from its families. */
  readonly time: number | undefined;
  /** When it was last pushed to, in Unix seconds; `undefined` when the gateway does not expose it. */
  readonly pushedAt: number | undefined;
  /** The families that it has, by name; empty where they are not read. */
  readonly families: ReadonlySet<string>;
}

/** The container that a record is of. */
export interface RecordedContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
}

/** Which container a record is of: names of Kubernetes are unescaped in a path. */
export function containerOf({ path }: StoredGroup): RecordedContainer {
  const [namespace = '', , pod = '', , uid = '', , container = ''] = path.split('/').slice(-9, -2);
  return { namespace, pod, uid, container };
}

export interface StoredGroups {
  /** The records of these grouping settings, by the path of their group. */
  readonly records: ReadonlyMap<string, StoredGroup>;
  /** How many groups of the same job have other labels than a record of these settings. */
  readonly others: number;
}

export interface ReadOptions {
  /** Whether to read which families each record has, which takes most of the time; by default they are read. */
  readonly families?: boolean;
}

/**
 * The records among what a Pushgateway exposes. Groups of another job, or with other labels than these settings give,
 * are ignored.
 *
 * @param lines The lines of `/metrics`, some at a time. Memory grows with the number of groups, not with their size.
 */
export async function readStoredGroups(
  lines: AsyncIterable<readonly string[]>,
  grouping: GroupingSettings,
  { families = true }: ReadOptions = {},
): Promise<StoredGroups> {
  const records = new Map<string, Draft>();
  let others = 0;

  function readLine(line: string): void {
    if (!line.startsWith(pushTime) && !(families ? line.startsWith('pod_monitor_') : tellsTime(line))) return;
    const sample = readSample(line);
    if (sample === undefined || sample.labels.get('job') !== grouping.job) return;
    const key = groupOf(sample, grouping);
    if (key === undefined) {
      if (sample.name === pushTime) others += 1;
      return;
    }
    const path = groupPath(key);
    const record = records.get(path) ?? draftOf(path, sample);
    records.set(path, record);
    note(sample, record);
    if (families) noteFamily(sample, record);
  }

  for await (const some of lines) for (const line of some) readLine(line);
  return { records, others };
}

type Draft = {
  -readonly [K in Exclude<keyof StoredGroup, 'families'>]: StoredGroup[K];
} & { families: ReadonlySet<string> };

const pushTime = 'push_time_seconds';
const eventTime = 'pod_monitor_container_restart_events';

/** Labels that the gateway itself adds: an empty `instance` where the group has none, the bounds of a histogram. */
const addedLabels: ReadonlySet<string> = new Set(['instance', 'le']);

function groupOf(
  { name, labels }: Sample,
  { job, groupingLabels }: GroupingSettings,
): GroupingKey | undefined {
  const constant: GroupingKey = [['job', job], ...groupingLabels];
  const identity = identityLabels.map((label) => [label, labels.get(label) ?? ''] as const);
  if (identity.some(([, value]) => value === '')) return undefined;
  if (constant.some(([label, value]) => (labels.get(label) ?? '') !== value)) return undefined;
  const key = [...constant, ...identity];
  const own = new Set(key.map(([label]) => label));
  for (const [label, value] of labels) {
    const isExpected = own.has(label) || (name === pushTime ? false : familyLabels.has(label));
    if (!isExpected && !(addedLabels.has(label) && (value === '' || label === 'le'))) return undefined;
  }
  return /^\d+_\d+$/.test(labels.get('restart_id') ?? '') ? key : undefined;
}

function draftOf(path: string, { labels }: Sample): Draft {
  const [ordinal, finishedAt] = (labels.get('restart_id') ?? '').split('_').map(Number);
  const time = finishedAt || undefined;
  return { path, ordinal: ordinal ?? 0, time, pushedAt: undefined, families: noFamilies };
}

function note({ name, value }: Sample, record: Draft): void {
  if (name === pushTime) record.pushedAt = value;
  if (name === eventTime) record.time ??= value;
}

/** Whether a line may have the time of a record whose `restart_id` ends in 0, for unknown. */
function tellsTime(line: string): boolean {
  return line.startsWith(eventTime) && line.includes('_0');
}

function noteFamily({ name }: Sample, record: Draft): void {
  const family = familyOf(name);
  if (family !== undefined) record.families = withFamily(record.families, family);
}

function familyOf(sampleName: string): MetricFamily | undefined {
  return metricFamilies.find(({ name, type }) =>
    type === 'histogram' ? sampleName === `${name}_count` : sampleName === name,
  );
}

const noFamilies: ReadonlySet<string> = new Set();
const familySets = new Map<string, ReadonlySet<string>>();

/** Most groups have the same families: equal sets are shared. */
function withFamily(families: ReadonlySet<string>, { name }: MetricFamily): ReadonlySet<string> {
  if (families.has(name)) return families;
  const names = [...families, name].sort();
  const id = names.join();
  const shared = familySets.get(id) ?? new Set(names);
  familySets.set(id, shared);
  return shared;
}
