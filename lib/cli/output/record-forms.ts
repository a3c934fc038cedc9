import { csvLines } from './csv.ts';
import type { RecordForm } from './form-names.ts';

/** One record: its values are texts, numbers, `null`, or lists and objects of them. */
export type FlatRecord = Readonly<Record<string, unknown>>;

/**
 * Writes records for other programs: a line of JSON each, CSV, or one list in YAML; nothing when there are none.
 *
 * @param records All with the same fields; asked for one by one as they are written, but in YAML.
 * @param out Called with so many lines that neither all of them are in memory nor is there a write for each.
 */
export async function showRecords(
  records: Iterable<FlatRecord>,
  form: RecordForm,
  out: (lines: string) => void,
): Promise<void> {
  if (form === 'yaml') {
    const { writeYaml } = await import('../../files/write-yaml.ts');
    const all = [...records];
    if (all.length > 0) out(writeYaml(all));
    return;
  }
  let lines: string[] = [];
  for (const line of form === 'json' ? jsonLines(records) : csvLines(records)) {
    lines.push(line);
    if (lines.length < linesAtATime) continue;
    out(lines.join('\n'));
    lines = [];
  }
  if (lines.length > 0) out(lines.join('\n'));
}

const linesAtATime = 500;

function* jsonLines(records: Iterable<FlatRecord>): Generator<string, void, void> {
  for (const record of records) yield JSON.stringify(record);
}
