import type { Recall } from '../recall/result.ts';

/** One line of the table: what was measured beside a peer, or alone. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly peer?: { readonly name: string; readonly value: number };
  /** What the ratio to the peer, or the value itself where there is none, must reach; none for a row that only informs. */
  readonly bound?: { readonly least: number } | { readonly most: number };
}

/** The figure that the bound is for. */
export function figureOf({ value, peer }: Row): number {
  return peer === undefined ? value : value / peer.value;
}

/** Where there is no bound, it is reached. */
export function isReached(row: Row): boolean {
  const { bound } = row;
  if (bound === undefined) return true;
  const figure = figureOf(row);
  return 'least' in bound ? figure >= bound.least : figure <= bound.most;
}

/** The bound as it is written; empty where there is none. */
export function aimOf({ bound }: Row): string {
  if (bound === undefined) return '';
  return 'least' in bound ? `≥ ${bound.least}` : `≤ ${bound.most}`;
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
