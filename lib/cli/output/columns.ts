import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { printable } from './printable.ts';

export type Style = Parameters<typeof styleText>[0];

/** A text in a table and how it is painted. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface Column {
  readonly head: string;
  /** Whether its text stands at its right end, as a number does. */
  readonly right?: boolean;
  /** Whether it may be cut where the table is too wide. */
  readonly cut?: boolean;
}

export interface TableForm {
  /** Columns of the terminal; `undefined` where nothing is to be cut. */
  readonly width: number | undefined;
  readonly coloured: boolean;
}

const gap = '  ';

/** A cut column is no narrower. */
const narrowest = 10;

/** A row of a table: a cell for each column. */
export type Row = readonly (Cell | string)[];

/**
 * Rows below the heads of their columns, as lines; an empty cell is `-`. What is wider than the terminal is cut in its widest
 * columns. Text is made printable here.
 *
 * @param rows Iterated twice, since the widths come first: a long table need not be in memory.
 */
export function* tableLines(
  columns: readonly Column[],
  rows: Iterable<Row>,
  { width, coloured }: TableForm,
): Generator<string, void, void> {
  const widths = columns.map(({ head }) => head.length);
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(shown(cell)));
    }
  }
  if (width !== undefined) narrow(widths, columns, width);
  const line = (cells: readonly string[], styleOf: (index: number) => Style | undefined): string =>
    cells
      .map((text, index) => {
        const cut = cutTo(text, widths[index] ?? 0);
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cut)));
        const style = styleOf(index);
        const painted =
          coloured && style !== undefined ? styleText(style, cut, { validateStream: false }) : cut;
        if (columns[index]?.right) return padding + painted;
        return index === cells.length - 1 ? painted : painted + padding;
      })
      .join(gap)
      .trimEnd();
  yield line(
    columns.map(({ head }) => head),
    () => 'bold',
  );
  for (const row of rows) yield line(row.map(shown), (index) => styleIn(row[index]));
}

/** A table that is short, as one text without an end of line. */
export function table(columns: readonly Column[], rows: readonly Row[], form: TableForm): string {
  return [...tableLines(columns, rows, form)].join('\n');
}

function shown(cell: Cell | string): string {
  return printable(textOf(cell)) || '-';
}

/** The width of rows in whole, so that a caller can add columns while they fit. */
export function naturalWidth(columns: readonly Column[], rows: readonly Row[]): number {
  const widths = columns.map(({ head }, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(printable(textOf(row[index] ?? '')))), head.length),
  );
  return widths.reduce((sum, each) => sum + each, gap.length * (widths.length - 1));
}

function textOf(cell: Cell | string): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function styleIn(cell: Cell | string | undefined): Style | undefined {
  return typeof cell === 'object' ? cell.style : undefined;
}

/** Takes a column from the widest of those that may be cut, until the rows fit or none can be cut further. */
function narrow(widths: number[], columns: readonly Column[], width: number): void {
  let excess = widths.reduce((sum, each) => sum + each, gap.length * (widths.length - 1)) - width;
  while (excess > 0) {
    const widest = columns.reduce(
      (best, { cut }, index) => (cut && (widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
      columns.findIndex(({ cut }) => cut),
    );
    const now = widths[widest] ?? 0;
    if (now <= narrowest) return;
    widths[widest] = now - 1;
    excess -= 1;
  }
}

function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(`${kept}${character}…`) > width) break;
    kept += character;
  }
  return `${kept}…`;
}

const ascii = /^[\x20-\x7e]*$/;

/** Columns that a terminal shows a text in. */
function widthOf(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}
