import { type Comparison, type Period, ratePerDay } from '../../restarts/compare-restarts.ts';
import { type Cell, type Column, type TableForm, table } from './columns.ts';

const columns: readonly Column[] = [
  { head: 'WORKLOAD', cut: true },
  { head: 'WHY', cut: true },
  { head: 'BEFORE', right: true },
  { head: 'AFTER', right: true },
  { head: 'CHANGE' },
  { head: 'IMAGES', cut: true },
];

/** Restarts before and after a time as a table: counts, and rates per day. @param comparisons At least one. */
export function comparisonTable(comparisons: readonly Comparison[], form: TableForm): string {
  return table(
    columns,
    comparisons.map(({ workload, reason, before, after }) => [
      workload,
      reason,
      count(before),
      count(after),
      change(before, after),
      images(before, after),
    ]),
    form,
  );
}

/** `12 (1.7/d)`. */
function count({ restarts, perDay }: Period): string {
  return restarts === 0 ? '0' : `${restarts} (${perDayText(perDay)})`;
}

/** So many restarts in so many seconds as a rate: `1.7/d`. */
export function rate(restarts: number, seconds: number): string {
  return perDayText(ratePerDay(restarts, seconds));
}

function perDayText(perDay: number): string {
  return `${perDay < 10 ? perDay.toFixed(1) : Math.round(perDay)}/d`;
}

/** A change of the rate by less than this is none. */
const leastChange = 0.05;

function change(before: Period, after: Period): Cell {
  if (before.restarts === 0) return { text: 'new', style: 'red' };
  if (after.restarts === 0) return { text: 'gone', style: 'green' };
  const part = after.perDay / before.perDay - 1;
  if (Math.abs(part) < leastChange) return { text: 'same' };
  const text =
    part > 9 ? `×${Math.round(part + 1)}` : `${part > 0 ? '+' : '−'}${Math.round(Math.abs(part) * 100)}%`;
  return { text, style: part > 0 ? 'red' : 'green' };
}

/** `checkout:2.14.0 → checkout:2.14.1`: without the registry, of which the other outputs have all. */
function images(before: Period, after: Period): string {
  const [first, second] = [before, after].map((period) => period.images.map(shortImage).join(', '));
  if (first === '' || second === '' || first === second) return first || second || '';
  return `${first} → ${second}`;
}

function shortImage(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1);
  return name.replace(/(@sha256:[0-9a-f]{8})[0-9a-f]+$/, '$1');
}
