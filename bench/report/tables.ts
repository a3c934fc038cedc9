import Table from 'cli-table3';
import { aimOf, figureOf, isReached, type Row, type Series } from './row.ts';

/** The rows as one table for a terminal. */
export function rowTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ['', '', 'beside', '', 'ratio', 'must be', ''],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const { what, unit, value, peer } = row;
    table.push([
      what,
      `${short(value)} ${unit}`,
      peer?.name ?? '',
      peer === undefined ? '' : `${short(peer.value)} ${unit}`,
      peer === undefined ? '' : figureOf(row).toFixed(2),
      aimOf(row),
      row.bound === undefined ? '' : isReached(row) ? 'yes' : 'NO',
    ]);
  }
  return table.toString();
}

export function seriesTable({ title, columns, lines }: Series): string {
  const table = new Table({ head: [...columns], style: { head: [], border: [] } });
  for (const line of lines) table.push(line.map((value) => (value === undefined ? '' : short(value))));
  return `${title}\n${table.toString()}`;
}

/** Three digits at least, none after the point where there are more or it is whole. */
export function short(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+$)/, digits === 0 ? ',' : '');
}
