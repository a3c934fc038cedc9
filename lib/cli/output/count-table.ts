import type { LocalZone } from '../../local-zone.ts';
import type { CountedBy, RestartCount } from '../../restarts/count-restarts.ts';
import { type Column, type TableForm, table } from './columns.ts';
import { age } from './short-duration.ts';
import { shortTimes } from './short-time.ts';

export interface CountTableOptions extends TableForm {
  readonly by: CountedBy;
  /** Unix seconds. */
  readonly nowSeconds: number;
  readonly zone: LocalZone;
}

/** Columns of the longest bar. */
const longestBar = 20;

/** Counts of restarts as a table with bars. @param counts The largest first; at least one. */
export function countTable(
  counts: readonly RestartCount[],
  { by, nowSeconds, zone, ...form }: CountTableOptions,
): string {
  const most = counts[0]?.restarts ?? 1;
  const times = counts.map(({ last }) => last).filter((time) => time !== undefined);
  const short = shortTimes(times, nowSeconds, zone);
  const columns: readonly Column[] = [
    { head: by.toUpperCase(), cut: true },
    { head: 'RESTARTS', right: true },
    { head: '' },
    { head: 'LAST' },
    { head: 'WHY', cut: true },
  ];
  const rows = counts.map(({ name, restarts, last, reasons }) => [
    name,
    String(restarts),
    { text: '█'.repeat(Math.max(1, Math.round((restarts / most) * longestBar))), style: 'cyan' as const },
    last === undefined ? '' : `${short(last)} (${age(nowSeconds - last)})`,
    reasons.map(([reason, count]) => (reasons.length === 1 ? reason : `${reason} ${count}`)).join(', '),
  ]);
  const shown = by === 'reason' ? columns.slice(0, -1) : columns;
  return table(
    shown,
    rows.map((row) => row.slice(0, shown.length)),
    form,
  );
}
