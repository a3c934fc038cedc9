import type { Restart } from '../../restarts/restart.ts';
import { restartFields } from './restart-json.ts';

/**
 * Restarts as lines of CSV, the first one names the columns; unknown is empty.
 * Source: https://www.rfc-editor.org/rfc/rfc4180
 */
export function restartCsv(restarts: readonly Restart[]): readonly string[] {
  const rows = restarts.map(restartFields);
  const [first] = rows;
  if (first === undefined) return [];
  return [Object.keys(first), ...rows.map(Object.values)].map((cells) => cells.map(cell).join(','));
}

function cell(value: unknown): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
