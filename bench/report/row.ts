import type { Recall } from '../recall/result.ts';

/** One line of the table: what was measured beside a peer, or alone. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly peer?: { readonly name: string; readonly value: number };
  /** None for a row that only informs. */
  readonly bound?: Bound;
}

/** What the ratio to the peer must reach; the value itself where there is no peer, or where the bound is of the value. */
export type Bound = ({ readonly least: number } | { readonly most: number }) & { readonly of?: 'value' };

/** The ratio to the peer; the value where there is none. */
export function figureOf({ value, peer }: Row): number {
  return peer === undefined ? value : value / peer.value;
}

/** Where there is no bound, it is reached. */
export function isReached(row: Row): boolean {
  const { bound } = row;
  if (bound === undefined) return true;
  const figure = bound.of === 'value' ? row.value : figureOf(row);
  return 'least' in bound ? figure >= bound.least : figure <= bound.most;
}

/** The bound as it is written; empty where there is none. */
export function aimOf({ bound, unit }: Row): string {
  if (bound === undefined) return '';
  const aim = 'least' in bound ? `≥ ${bound.least}` : `≤ ${bound.most}`;
  return bound.of === 'value' ? `${aim} ${unit}` : aim;
}

/** A table of measurements that have no bound: the heads of its columns, then its lines. */
export interface Series {
  readonly title: string;
  readonly columns: readonly string[];
  readonly lines: readonly (readonly (number | undefined)[])[];
}

/** All that one run has measured. */
export interface Results {
  /** Its processors, memory and Node. */
  readonly machine: string;
  readonly rows: readonly Row[];
  readonly series: readonly Series[];
  /** Of `npm run bench:recall`, which measures for itself. */
  readonly recall?: Recall;
}
