import { byTime } from '../../ledger/history/history-source.ts';
import type { Sink } from '../../ledger/sinks/sink.ts';
import { localZone } from '../../local-zone.ts';
import { distinctRestarts } from '../../restarts/history.ts';
import type { Restart } from '../../restarts/restart.ts';
import type { ShownForm } from '../output/form-names.ts';
import { showRestarts } from '../output/restart-forms.ts';
import { screenOf } from '../output/screen.ts';
import type { Terminal } from '../terminal.ts';

/** Shows restarts and records nothing. */
export function createShowSink(form: ShownForm, terminal: Pick<Terminal, 'out' | 'drained'>): Sink {
  const observed: Restart[] = [];
  return {
    url: 'standard output',
    taken: 'with a restart',
    take: async ({ restarts }) => {
      observed.push(...restarts);
    },
    close: async () => {
      const distinct = distinctRestarts(observed);
      // For programs they stay in the order of the files.
      const restarts = form === 'table' || form === 'wide' ? distinct.sort(byTime) : distinct;
      const table = { nowSeconds: undefined, zone: localZone, ...screenOf(process.stdout) };
      await showRestarts(restarts, form, table, terminal);
    },
  };
}
