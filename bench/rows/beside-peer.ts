import type { MeasuredRun } from '../measured-run.ts';
import type { Row } from '../report/row.ts';
import { median } from '../rounds.ts';

export interface Compared {
  readonly what: string;
  readonly runs: readonly MeasuredRun[];
  readonly peer: { readonly name: string; readonly runs: readonly MeasuredRun[] };
}

/** The time and the memory of a command beside a peer: medians of the times, the highest of the peaks of its memory. */
export function rowsBesidePeer({ what, runs, peer }: Compared): readonly Row[] {
  return [
    {
      what,
      unit: 's',
      value: median(runs.map(({ seconds }) => seconds)),
      peer: { name: peer.name, value: median(peer.runs.map(({ seconds }) => seconds)) },
      bound: { most: 1 },
    },
    {
      what: 'its peak memory',
      unit: 'MB',
      value: Math.max(...runs.map(({ memory }) => memory)),
      peer: { name: peer.name, value: Math.min(...peer.runs.map(({ memory }) => memory)) },
      bound: { most: 150, of: 'value' },
    },
  ];
}
