import type { Restart } from '../../restarts/restart.ts';
import type { ShownForm } from './form-names.ts';
import { showRecords } from './record-forms.ts';
import { restartFields } from './restart-fields.ts';
import { type RestartTableOptions, restartTable } from './restart-table.ts';

/** Restarts as text without the last end of line; empty when there are none. @param restarts The oldest first. */
export async function showRestarts(
  restarts: readonly Restart[],
  form: ShownForm,
  table: Omit<RestartTableOptions, 'wide'>,
): Promise<string> {
  if (restarts.length === 0) return '';
  if (form === 'table' || form === 'wide') return restartTable(restarts, { ...table, wide: form === 'wide' });
  return await showRecords(restarts.map(restartFields), form);
}
