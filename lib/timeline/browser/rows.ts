import { restartTime } from '../../restarts/restart.ts';
import { groupName, type Lane, type ShownRestart } from '../timeline-data.ts';

/** A mark of a lane: a restart whose time is known. */
export interface Mark {
  readonly restart: ShownRestart;
  /** Unix seconds. */
  readonly time: number;
}

/** A row of the timeline: the head of a workload, or the lane of a container. */
export type Row = (GroupRow | LaneRow) & { readonly top: number; readonly height: number };

export interface GroupRow {
  readonly kind: 'group';
  readonly name: string;
  readonly workloadType: string;
  readonly count: number;
}

export interface LaneRow {
  readonly kind: 'lane';
  readonly lane: Lane;
  /** What tells its Pod apart within the workload. */
  readonly podLabel: string;
  /** In the order of time. */
  readonly marks: readonly Mark[];
}

/** In pixels. */
export const groupHeight = 34;
export const laneHeight = 26;

/** The lanes of restarts below the heads of their workloads, each by name, so that none jumps when a restart is added. */
export function rowsOf(restarts: readonly ShownRestart[]): readonly Row[] {
  const lanes = new Map<Lane, Mark[]>();
  for (const restart of restarts) {
    const time = restartTime(restart);
    if (time === undefined) continue;
    const marks = lanes.get(restart.lane);
    if (marks === undefined) lanes.set(restart.lane, [{ restart, time }]);
    else marks.push({ restart, time });
  }
  const groups = Map.groupBy(lanes, ([lane]) => groupName(lane));
  const rows: Row[] = [];
  let top = 0;
  const add = (row: GroupRow | LaneRow, height: number) => {
    rows.push({ ...row, top, height });
    top += height;
  };
  for (const [name, ofGroup] of [...groups].sort(byName)) {
    const count = ofGroup.reduce((sum, [, marks]) => sum + marks.length, 0);
    const workloadType = ofGroup[0]?.[0].workloadType ?? '';
    add({ kind: 'group', name, workloadType, count }, groupHeight);
    for (const [lane, marks] of ofGroup.sort(byLane)) {
      const isReplaced = ofGroup.some(([other]) => other.pod === lane.pod && other.uid !== lane.uid);
      const podLabel = shortPod(lane) + (isReplaced ? ` (${lane.uid.slice(0, 8)})` : '');
      add({ kind: 'lane', lane, podLabel, marks: marks.sort((a, b) => a.time - b.time) }, laneHeight);
    }
  }
  return rows;
}

export function heightOf(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

/** The position of the first row that reaches below `y`. */
export function rowAt(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && row.top + row.height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A Pod's name without that of its workload, which stands above it. */
function shortPod({ workload, pod }: Lane): string {
  return workload !== '' && pod.startsWith(`${workload}-`) ? pod.slice(workload.length + 1) : pod;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function byLane([a]: readonly [Lane, unknown], [b]: readonly [Lane, unknown]): number {
  return a.pod.localeCompare(b.pod) || a.container.localeCompare(b.container) || a.uid.localeCompare(b.uid);
}
