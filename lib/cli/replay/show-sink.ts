import type { Sink } from '../../ledger/sinks/sink.ts';
import { distinctRestarts } from '../../restarts/history.ts';
import type { Restart } from '../../restarts/restart.ts';
import { restartCsv } from '../output/restart-csv.ts';
import { restartJson } from '../output/restart-json.ts';
import { historyRow, historyTable } from '../output/restart-table.ts';

/** How restarts can be shown. */
export const shownForms = ['table', 'json', 'csv'] as const;
export type ShownForm = (typeof shownForms)[number];

const writers: Readonly<Record<ShownForm, (restarts: readonly Restart[]) => readonly string[]>> = {
  table: (restarts) => (restarts.length === 0 ? [] : [historyTable(restarts.map(historyRow))]),
  json: (restarts) => restarts.map(restartJson),
  csv: restartCsv,
};

/** Shows restarts and records nothing. */
export function createShowSink(form: ShownForm, out: (lines: string) => void): Sink {
  const sightings: Restart[] = [];
  return {
    taken: 'with a restart',
    take: async ({ restarts }) => {
      sightings.push(...restarts);
    },
    end: async () => {
      const lines = writers[form](distinctRestarts(sightings));
      // Each call waits for the system: one for all of them.
      if (lines.length > 0) out(lines.join('\n'));
    },
  };
}
