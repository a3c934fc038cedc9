import { counted } from '../../counted.ts';
import type { LocalZone } from '../../local-zone.ts';
import { type CrashLoop, foldCrashLoops } from '../../restarts/crash-loops.ts';
import { downSeconds, type Restart, restartTime, runSeconds } from '../../restarts/restart.ts';
import { type Cell, type Column, naturalWidth, type Row, type Style, tableLines } from './columns.ts';
import { localTime } from './local-time.ts';
import { age, shortDuration } from './short-duration.ts';
import { shortTimes, zoneLabel } from './short-time.ts';

export interface RestartTableOptions {
  /** Unix seconds, for times in short and how long ago they are; `undefined` for whole times. */
  readonly nowSeconds: number | undefined;
  readonly zone: LocalZone;
  /** Columns of the terminal; `undefined` where nothing is to be cut, as in a pipe. */
  readonly width: number | undefined;
  readonly coloured: boolean;
  /** Every restart in a line of its own; else a crash loop is one line. */
  readonly all?: boolean;
  /** Every column, and whole times. */
  readonly wide?: boolean;
}

/**
 * Restarts as a table for people, in lines, and a line that sums them up: the one form in which the product shows restarts.
 *
 * @param restarts The oldest first; at least one.
 */
export function* restartTable(
  restarts: readonly Restart[],
  options: RestartTableOptions,
): Generator<string, void, void> {
  const loops = options.all ? restarts.map((restart): CrashLoop => [restart]) : foldCrashLoops(restarts);
  const fields = options.wide ? wideFields(options) : fittingFields(loops, options);
  const columns = fields.map(({ column }) => column);
  const rows: Iterable<Row> = {
    *[Symbol.iterator]() {
      for (const loop of loops) yield fields.map(({ cell }) => cell(loop));
    },
  };
  yield* tableLines(columns, rows, options);
  yield summary(restarts, options);
}

interface Field {
  readonly column: Column;
  readonly cell: (loop: CrashLoop) => Cell | string;
}

const workload: Field = {
  column: { head: 'WORKLOAD', cut: true },
  cell: ([restart]) => `${restart.namespace}/${restart.workload || restart.pod}`,
};
const container: Field = { column: { head: 'CONTAINER', cut: true }, cell: containerCell };
const why: Field = { column: { head: 'WHY', cut: true }, cell: whyCell };
const ran: Field = { column: { head: 'RAN' }, cell: ranCell };
const pod: Field = { column: { head: 'POD' }, cell: ([restart]) => restart.pod };
const node: Field = { column: { head: 'NODE' }, cell: ([restart]) => restart.node };
const image: Field = { column: { head: 'IMAGE' }, cell: ([restart]) => restart.image };
/** What else a terminal shows that has the room, the first ones first. */
const extras: readonly Field[] = [pod, node, image];

/** The usual columns, and on a terminal as many of the others as fit whole. */
function fittingFields(loops: readonly CrashLoop[], options: RestartTableOptions): readonly Field[] {
  let fields: readonly Field[] = [whenField(loops, options), workload, container, why, ran];
  if (options.width === undefined) return fields;
  for (const extra of extras) {
    const wider = [...fields, extra];
    const rows = loops.map((loop) => wider.map(({ cell }) => cell(loop)));
    const width = naturalWidth(
      wider.map(({ column }) => column),
      rows,
    );
    if (width > options.width) break;
    fields = wider;
  }
  return fields;
}

/** When it began, and how long ago: the parts stand below each other. */
function whenField(loops: readonly CrashLoop[], { nowSeconds, zone }: RestartTableOptions): Field {
  const column = { head: 'WHEN' };
  if (nowSeconds === undefined) return { column, cell: ([first]) => localTime(restartTime(first), zone) };
  const times = loops.map(([first]) => restartTime(first)).filter((time) => time !== undefined);
  const short = shortTimes(times, nowSeconds, zone);
  const ago = (time: number) => `(${age(nowSeconds - time)})`;
  const width = times.reduce((most, time) => Math.max(most, ago(time).length), 0);
  return {
    column,
    cell([first]) {
      const time = restartTime(first);
      return time === undefined ? '' : `${short(time)}  ${ago(time).padStart(width)}`;
    },
  };
}

function wideFields({ zone }: RestartTableOptions): readonly Field[] {
  const ended = (restart: Restart | undefined) => localTime(restart && restartTime(restart), zone);
  return [
    { column: { head: 'ENDED' }, cell: ([restart]) => ended(restart) },
    { column: { head: 'LAST' }, cell: (loop) => (loop.length === 1 ? '' : ended(loop.at(-1))) },
    { column: { head: 'NAMESPACE' }, cell: ([restart]) => restart.namespace },
    {
      column: { head: 'WORKLOAD' },
      cell: ([restart]) => (restart.workload === '' ? '' : `${restart.workloadType}/${restart.workload}`),
    },
    pod,
    { column: { head: 'UID' }, cell: ([restart]) => restart.uid.slice(0, 8) },
    { ...container, column: { head: 'CONTAINER' } },
    { ...why, column: { head: 'WHY' } },
    ran,
    { column: { head: 'DOWN' }, cell: (loop) => each(loop.map(downSeconds)) },
    node,
    image,
  ];
}

function containerCell(loop: CrashLoop): string {
  const [{ container: name, containerKind, ordinal }] = loop;
  const kind = containerKind === 'container' ? '' : ` (${containerKind})`;
  return `${name}${kind} ${loop.length === 1 ? `#${ordinal}` : `×${loop.length}`}`;
}

function whyCell([{ reason, exitCode }]: CrashLoop): Cell {
  return { text: `${reason} (${exitCode})`, style: reasonStyle({ reason, exitCode }) };
}

/** Red for what ran out of memory, yellow for other failures, green for an end in order. */
function reasonStyle({ reason, exitCode }: Pick<Restart, 'reason' | 'exitCode'>): Style {
  if (reason === outOfMemory) return 'red';
  return exitCode === 0 ? 'green' : 'yellow';
}

function ranCell(loop: CrashLoop): string {
  return each(loop.map(runSeconds));
}

/** `7s`, `7s each`, `7s to 2m`. */
function each(lengths: readonly (number | undefined)[]): string {
  const known = lengths.filter((length) => length !== undefined).toSorted((a, b) => a - b);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return '';
  const [shortest, longest] = [shortDuration(first), shortDuration(last)];
  if (shortest !== longest) return `${shortest} to ${longest}`;
  return lengths.length === 1 ? shortest : `${shortest} each`;
}

const outOfMemory = 'OOMKilled';

/** `2 workloads, 4 restarts, 1 out of memory · times in CET`. */
function summary(restarts: readonly Restart[], { zone }: RestartTableOptions): string {
  const workloads = new Set(
    restarts.map((restart) =>
      [restart.namespace, restart.workloadType, restart.workload || restart.pod].join('/'),
    ),
  );
  const killed = restarts.filter(({ reason }) => reason === outOfMemory).length;
  const times = restarts.map(restartTime).filter((time) => time !== undefined);
  const ends = [times[0], times.at(-1)].filter((time) => time !== undefined);
  const counts = [
    counted(workloads.size, 'workload'),
    counted(restarts.length, 'restart'),
    ...(killed > 0 ? [`${killed} out of memory`] : []),
  ];
  return `${counts.join(', ')} · times in ${zoneLabel(zone, ends)}`;
}
