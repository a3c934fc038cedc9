import type { ScaleTime } from 'd3-scale';
import { type BaseType, type Selection, select } from 'd3-selection';
import { reasonKind } from '../reason-kind.ts';
import type { Lane, ShownRestart } from '../timeline-data.ts';
import type { Zone } from '../zone.ts';
import { sentenceOf } from './details.ts';
import { markShapes } from './marks.ts';
import { groupHeight, type LaneRow, laneHeight, type Mark, type Row } from './rows.ts';

export type TimeScale = ScaleTime<number, number>;

export interface Drawing {
  readonly lanes: SVGSVGElement;
  readonly labels: HTMLElement;
  readonly x: TimeScale;
  /** The rows to draw, and where the first one begins. */
  readonly rows: readonly Row[];
  readonly width: number;
  readonly active: ShownRestart | undefined;
  readonly zone: Zone;
}

/** Marks of one reason that would lie closer than this, in pixels, are drawn as one with their count. */
const least = 9;

/** The room that a count needs before the next mark, in pixels. */
const countRoom = 34;

/** Draws rows: their labels, the bars of the runs, the marks of their ends. Only what the time range shows. */
export function drawLanes({ lanes, labels, x, rows, width, active, zone }: Drawing): void {
  const top = rows[0]?.top ?? 0;
  const height = rows.reduce((sum, row) => sum + row.height, 0);
  select(lanes).attr('width', width).attr('height', Math.max(height, 1)).style('top', `${top}px`);
  labels.style.top = `${top}px`;
  labels.replaceChildren(...rows.map(labelOf));
  const drawn = select(lanes)
    .select<SVGGElement>('.rows')
    .selectAll<SVGGElement, Row>('g.row')
    .data(rows, rowKey)
    .join((enter) => {
      const row = enter.append('g').attr('class', ({ kind }) => `row ${kind}`);
      row
        .filter(({ kind }) => kind === 'group')
        .append('rect')
        .attr('class', 'band')
        .attr('height', groupHeight);
      row.append('line').attr('class', 'edge').attr('aria-hidden', 'true');
      row.append('g').attr('class', 'runs').attr('aria-hidden', 'true');
      row.append('g').attr('class', 'counts').attr('aria-hidden', 'true');
      row.append('g').attr('class', 'marks');
      return row;
    })
    .attr('transform', (row) => `translate(0,${row.top - top})`);
  drawn
    .select('.edge')
    .attr('x2', width)
    .attr('y1', ({ height }) => height - 0.5)
    .attr('y2', ({ height }) => height - 0.5);
  drawn.select('.band').attr('width', width);
  const withLane = drawn.filter(({ kind }) => kind === 'lane');
  withLane
    .select('.marks')
    .attr('role', 'group')
    .attr('aria-label', (row) => (row.kind === 'lane' ? laneName(row.lane) : ''));
  withLane.each(function (row) {
    if (row.kind === 'lane') drawLane(select(this), row, { x, width, active, zone });
  });
}

function drawLane(
  lane: Selection<SVGGElement, unknown, BaseType, unknown>,
  { marks }: LaneRow,
  { x, width, active, zone }: Pick<Drawing, 'x' | 'width' | 'active' | 'zone'>,
): void {
  const seen = visibleMarks(marks, x, width, active);
  lane
    .select('.runs')
    .selectAll<SVGRectElement, Run>('rect')
    .data(visibleRuns(marks, x, width))
    .join('rect')
    .attr('class', 'run')
    .attr('x', ({ from }) => from)
    .attr('width', ({ from, to }) => to - from)
    .attr('y', laneHeight / 2 - 3.5)
    .attr('height', 7)
    .attr('rx', ({ from, to }) => Math.min(2, (to - from) / 2));
  lane
    .select('.marks')
    .selectAll<SVGPathElement, SeenMark>('path')
    .data(seen)
    .join('path')
    .attr(
      'class',
      ({ restart }) => `mark ${reasonKind(restart.reason)}${restart === active ? ' active' : ''}`,
    )
    .attr('id', ({ restart }) => (restart === active ? activeId : null))
    .attr('role', 'option')
    .attr('aria-selected', ({ restart }) => String(restart === active))
    .attr(
      'aria-label',
      ({ restart, count }) => sentenceOf(restart, zone) + (count > 1 ? `, and ${count - 1} more` : ''),
    )
    .attr('d', ({ restart }) => markShapes[reasonKind(restart.reason)])
    .attr('transform', ({ at }) => `translate(${at.toFixed(1)},${laneHeight / 2})`);
  lane
    .select('.counts')
    .selectAll<SVGTextElement, SeenMark>('text')
    .data(seen.filter(({ count, room }) => count > 1 && room > countRoom))
    .join('text')
    .attr('class', 'times')
    .attr('x', ({ at }) => at + 10)
    .attr('y', laneHeight / 2 + 4)
    .text(({ count }) => `×${count}`);
}

/** The id of the mark that the keyboard has chosen. */
export const activeId = 'active-mark';

interface Run {
  readonly from: number;
  readonly to: number;
}

/** The bars that the range shows; those that would lie within a pixel of each other as one. */
function visibleRuns(marks: readonly Mark[], x: TimeScale, width: number): readonly Run[] {
  const runs: { from: number; to: number }[] = [];
  for (const { restart } of marks) {
    const { startedAt, finishedAt } = restart;
    if (startedAt === undefined || finishedAt === undefined || finishedAt < startedAt) continue;
    const from = Math.max(x(startedAt * 1000), -20);
    const to = Math.min(Math.max(x(finishedAt * 1000), from + 1.5), width + 20);
    if (to < 0 || from > width) continue;
    const last = runs.at(-1);
    if (last !== undefined && from - last.to < 1) last.to = Math.max(last.to, to);
    else runs.push({ from, to });
  }
  return runs;
}

/** A mark as it is drawn. */
interface SeenMark {
  readonly restart: ShownRestart;
  /** Pixels from the left. */
  readonly at: number;
  /** How many restarts of its reason it stands for. */
  count: number;
  /** Pixels up to the next one. */
  room: number;
}

function visibleMarks(
  marks: readonly Mark[],
  x: TimeScale,
  width: number,
  active: ShownRestart | undefined,
): readonly SeenMark[] {
  const seen: SeenMark[] = [];
  const lastOf = new Map<string, SeenMark>();
  for (const { restart, time } of marks) {
    const at = x(time * 1000);
    if (at < -10 || at > width + 10) continue;
    const before = lastOf.get(restart.reason);
    if (before !== undefined && at - before.at < least && restart !== active) {
      before.count += 1;
      continue;
    }
    const previous = seen.at(-1);
    if (previous !== undefined) previous.room = at - previous.at;
    const mark = { restart, at, count: 1, room: width - at };
    lastOf.set(restart.reason, mark);
    seen.push(mark);
  }
  // The chosen one lies above its neighbours.
  return seen.sort((a, b) => Number(a.restart === active) - Number(b.restart === active));
}

function rowKey(row: Row): string {
  return row.kind === 'group'
    ? row.name
    : [row.lane.namespace, row.lane.pod, row.lane.uid, row.lane.container].join('/');
}

function laneName({ namespace, pod, container }: Lane): string {
  return `${container} of ${namespace}/${pod}`;
}

function labelOf(row: Row): HTMLElement {
  const label = document.createElement('div');
  label.className = row.kind === 'group' ? 'group-label' : 'lane-label';
  label.style.height = `${row.kind === 'group' ? groupHeight : laneHeight}px`;
  const [first, second, third] =
    row.kind === 'group'
      ? [row.name, row.workloadType, String(row.count)]
      : [
          row.lane.container,
          row.podLabel,
          row.lane.containerKind === 'container' ? '' : row.lane.containerKind,
        ];
  label.title = row.kind === 'group' ? row.name : laneName(row.lane);
  for (const [kind, text] of [
    ['name', first],
    ['more', second],
    ['tag', third],
  ] as const) {
    const part = document.createElement('span');
    part.className = kind;
    part.textContent = text;
    if (text !== '') label.append(part);
  }
  return label;
}
