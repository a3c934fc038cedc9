import { type Chart, nearest } from './chart.ts';
import type { LaneRow, Mark, Row } from './rows.ts';

export interface KeyboardOptions {
  readonly chart: Chart;
  readonly lanes: SVGSVGElement;
  /** A mark has been chosen. */
  readonly onChosen: (mark: Mark, at: DOMRect | undefined) => void;
  /** Enter was pressed on it. */
  readonly onEntered: (mark: Mark) => void;
  readonly onLeft: () => void;
}

interface Position {
  readonly row: Row & LaneRow;
  readonly mark: Mark;
}

/** Makes the lanes one stop of the Tab key, within which the arrow keys choose marks. */
export function listenToKeys({ chart, lanes, onChosen, onEntered, onLeft }: KeyboardOptions): void {
  const laneRows = (): readonly (Row & LaneRow)[] => chart.rows().filter((row) => row.kind === 'lane');

  function position(): Position | undefined {
    const chosen = chart.chosen();
    for (const row of laneRows()) {
      const mark = row.marks.find(({ restart }) => restart === chosen);
      if (mark !== undefined) return { row, mark };
    }
    return undefined;
  }

  function choose(row: (Row & LaneRow) | undefined, mark: Mark | undefined): void {
    if (row !== undefined && mark !== undefined) onChosen(mark, chart.choose(mark, row));
  }

  function chooseFirst(): void {
    const [first] = laneRows();
    choose(first, first?.marks[0]);
  }

  function step({ row, mark }: Position, by: number): void {
    choose(row, row.marks[row.marks.indexOf(mark) + by]);
  }

  function changeLane({ row, mark }: Position, by: number): void {
    const all = laneRows();
    const next = all[all.indexOf(row) + by];
    choose(next, next && nearest(next, mark.time));
  }

  const moves: Readonly<Record<string, (from: Position) => void>> = {
    ArrowLeft: (from) => step(from, -1),
    ArrowRight: (from) => step(from, 1),
    ArrowUp: (from) => changeLane(from, -1),
    ArrowDown: (from) => changeLane(from, 1),
    PageUp: (from) => changeLane(from, -10),
    PageDown: (from) => changeLane(from, 10),
    Home: ({ row }) => choose(row, row.marks[0]),
    End: ({ row }) => choose(row, row.marks.at(-1)),
    Enter: ({ mark }) => onEntered(mark),
  };
  const views: Readonly<Record<string, () => void>> = {
    '+': () => chart.zoomBy(2),
    '=': () => chart.zoomBy(2),
    '-': () => chart.zoomBy(1 / 2),
    '0': () => chart.reset(),
    'Shift+ArrowLeft': () => chart.panBy(-1 / 4),
    'Shift+ArrowRight': () => chart.panBy(1 / 4),
    Escape: onLeft,
  };

  lanes.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const view = views[event.shiftKey && event.key.startsWith('Arrow') ? `Shift+${event.key}` : event.key];
    const move = moves[event.key];
    if (view === undefined && move === undefined) return;
    event.preventDefault();
    if (view !== undefined) return view();
    const from = position();
    if (from === undefined) chooseFirst();
    else move?.(from);
  });
  lanes.addEventListener('focus', () => {
    if (lanes.matches(':focus-visible') && position() === undefined) chooseFirst();
  });
  lanes.addEventListener('blur', onLeft);
}
