import type { Terminal } from '../terminal.ts';
import { csvLines } from './csv.ts';
import type { RecordForm } from './form-names.ts';
import { writeLines } from './write-lines.ts';

/** One record: its values are texts, numbers, `null`, or lists and objects of them. */
export type FlatRecord = Readonly<Record<string, unknown>>;

/**
 * Writes records for other programs: a line of JSON each, CSV, or one list in YAML; nothing when there are none.
 *
 * @param records All with the same fields. Each is asked for when it is written, but in YAML.
 */
export async function showRecords(
  records: Iterable<FlatRecord>,
  form: RecordForm,
  terminal: Pick<Terminal, 'out' | 'drained'>,
): Promise<void> {
  if (form === 'json') return await writeLines(jsonLines(records), terminal);
  if (form === 'csv') return await writeLines(csvLines(records), terminal);
  const { writeYaml } = await import('../../files/write-yaml.ts');
  const all = [...records];
  if (all.length > 0) terminal.out(writeYaml(all));
}

function* jsonLines(records: Iterable<FlatRecord>): Generator<string, void, void> {
  for (const record of records) yield JSON.stringify(record);
}
