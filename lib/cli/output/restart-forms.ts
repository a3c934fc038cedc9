import type { Restart } from '../../restarts/restart.ts';
import type { Terminal } from '../terminal.ts';
import type { ShownForm } from './form-names.ts';
import { showRecords } from './record-forms.ts';
import { restartFields } from './restart-fields.ts';
import { type RestartTableOptions, restartTable } from './restart-table.ts';
import { writeLines } from './write-lines.ts';

/** Writes restarts in the form that is asked for; nothing when there are none. @param restarts The oldest first. */
export async function showRestarts(
  restarts: readonly Restart[],
  form: ShownForm,
  table: Omit<RestartTableOptions, 'wide'>,
  terminal: Pick<Terminal, 'out' | 'drained'>,
): Promise<void> {
  if (restarts.length === 0) return;
  if (form === 'table' || form === 'wide') {
    await writeLines(restartTable(restarts, { ...table, wide: form === 'wide' }), terminal);
  } else await showRecords(restarts.values().map(restartFields), form, terminal);
}
