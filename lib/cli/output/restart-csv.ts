import type { Restart } from '../../restarts/restart.ts';
import { restartFields } from './restart-json.ts';

/**
 * Restarts as lines of CSV, the first one names the columns; unknown is empty. A text that a spreadsheet would take for
 * a formula begins with an apostrophe.
 *
 * Sources: https://www.rfc-editor.org/rfc/rfc4180 and https://owasp.org/www-community/attacks/CSV_Injection
 */
export function restartCsv(restarts: readonly Restart[]): readonly string[] {
  const rows = restarts.map(restartFields);
  const [first] = rows;
  if (first === undefined) return [];
  return [Object.keys(first), ...rows.map(Object.values)].map((cells) => cells.map(cell).join(','));
}

const formulaStart = /^[=+\-@\t\r\n]/;

function cell(value: string | number | null): string {
  const text = typeof value === 'string' ? value.replace(formulaStart, "'$&") : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
