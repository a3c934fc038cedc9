import type { Restart } from '../../restarts/restart.ts';
import type { ShownForm } from './form-names.ts';
import { showRecords } from './record-forms.ts';
import { restartFields } from './restart-fields.ts';
import { type RestartTableOptions, restartTable } from './restart-table.ts';

/** Writes restarts in the form that is asked for; nothing when there are none. @param restarts The oldest first. */
export async function showRestarts(
  restarts: readonly Restart[],
  form: ShownForm,
  table: Omit<RestartTableOptions, 'wide'>,
  out: (lines: string) => void,
): Promise<void> {
  if (restarts.length === 0) return;
  if (form === 'table' || form === 'wide') out(restartTable(restarts, { ...table, wide: form === 'wide' }));
  else await showRecords(restarts.values().map(restartFields), form, out);
}
