/**
 * Records with the same fields as lines of CSV, the first one names the columns; `null` is empty, and what is no text
 * or number is JSON. A text that a spreadsheet would take for a formula begins with an apostrophe.
 *
 * Sources: https://www.rfc-editor.org/rfc/rfc4180 and https://owasp.org/www-community/attacks/CSV_Injection
 */
export function* csvLines(
  records: Iterable<Readonly<Record<string, unknown>>>,
): Generator<string, void, void> {
  let isFirst = true;
  for (const record of records) {
    if (isFirst) yield lineOf(Object.keys(record));
    isFirst = false;
    yield lineOf(Object.values(record));
  }
}

function lineOf(cells: readonly unknown[]): string {
  return cells.map(cell).join(',');
}

const formulaStart = /^[=+\-@\t\r\n]/;

function cell(value: unknown): string {
  const text = textOf(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(formulaStart, "'$&");
}
