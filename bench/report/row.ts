import type { Recall } from '../recall/result.ts';

/** One line of the table: what was measured beside a peer, or alone. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly peer?: { readonly name: string; readonly value: number };
  /** What the ratio to the peer, or the value itself where there is none, must reach. */
  readonly bound: { readonly least: number } | { readonly most: number };
}

/** The figure that the bound is for. */
export function figureOf({ value, peer }: Row): number {
  return peer === undefined ? value : value / peer.value;
}

export function isReached(row: Row): boolean {
  const figure = figureOf(row);
  return 'least' in row.bound ? figure >= row.bound.least : figure <= row.bound.most;
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
