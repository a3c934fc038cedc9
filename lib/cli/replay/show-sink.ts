import type { Sink } from '../../ledger/sinks/sink.ts';
import { localZone } from '../../local-zone.ts';
import { distinctRestarts } from '../../restarts/history.ts';
import type { Restart } from '../../restarts/restart.ts';
import { restartCsv } from '../output/restart-csv.ts';
import { restartJson } from '../output/restart-json.ts';
import { historyRow, historyTable } from '../output/restart-table.ts';

/** How restarts can be shown. */
export const shownForms = ['table', 'json', 'csv'] as const;
export type ShownForm = (typeof shownForms)[number];

const writers: Readonly<Record<ShownForm, (restarts: readonly Restart[]) => readonly string[]>> = {
  table: (restarts) => (restarts.length === 0 ? [] : [historyTable(restarts.map(historyRow), localZone)]),
  json: (restarts) => restarts.map(restartJson),
  csv: restartCsv,
};

/** Shows restarts and records nothing. */
export function createShowSink(form: ShownForm, out: (lines: string) => void): Sink {
  const observed: Restart[] = [];
  return {
    url: 'standard output',
    taken: 'with a restart',
    take: async ({ restarts }) => {
      observed.push(...restarts);
    },
    close: async () => {
      const lines = writers[form](distinctRestarts(observed));
      // One write, since writes are synchronous.
      if (lines.length > 0) out(lines.join('\n'));
    },
  };
}
