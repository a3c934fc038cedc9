import { csvLines } from './csv.ts';
import type { RecordForm } from './form-names.ts';

/** One record: its values are texts, numbers, `null`, or lists and objects of them. */
export type FlatRecord = Readonly<Record<string, unknown>>;

/**
 * Records for other programs without the last end of line: a line of JSON each, CSV, or one list in YAML; empty when
 * there are none.
 *
 * @param records All with the same fields.
 */
export async function showRecords(records: readonly FlatRecord[], form: RecordForm): Promise<string> {
  if (records.length === 0) return '';
  if (form === 'json') return records.map((record) => JSON.stringify(record)).join('\n');
  if (form === 'csv') return csvLines(records).join('\n');
  const { writeYaml } = await import('../../files/write-yaml.ts');
  return writeYaml(records);
}
