import { recallHead, recallLines, recallSentence } from './recall-lines.ts';
import { aimOf, figureOf, isReached, type Results, type Row, type Series } from './row.ts';
import { short } from './tables.ts';

/** The documents that show measurements. */
export const measuredDocuments = ['README.md', 'docs/operations.md'] as const;

/**
 * A document with its measured sections rewritten: what is between `<!-- measured: … -->` and `<!-- end -->`. A section is
 * named `rows`, for all that is compared with a bound, `recall` or `recall, in a sentence`, or by the title of a series.
 *
 * @throws RangeError for a name that nothing was measured under.
 */
export function withMeasurements(document: string, results: Results): string {
  return document.replaceAll(
    /(<!-- measured: (.*?) -->\n).*?(<!-- end -->)/gs,
    (_section, start: string, name: string, end: string) => `${start}\n${measured(name, results)}\n\n${end}`,
  );
}

function measured(name: string, { machine, rows, series, recall }: Results): string {
  if (name === 'rows') return `Measured on ${machine}:\n\n${rowTable(rows)}`;
  if (name === 'recall' && recall !== undefined) {
    const loads = recall.phases.map(({ load }) => load.toFixed(1)).join(', ');
    return `Measured on ${recall.machine}; load average ${loads}:\n\n${table(recallHead, recallLines(recall))}`;
  }
  if (name === 'recall, in a sentence' && recall !== undefined) return recallSentence(recall);
  const found = series.find(({ title }) => title === name);
  if (found === undefined) throw new RangeError(`nothing was measured under the name ${name}`);
  return seriesTable(found);
}

function rowTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const { what, unit, value, peer } = row;
    return [
      what,
      `${short(value)} ${unit}`,
      peer === undefined ? '' : `${peer.name}: ${short(peer.value)} ${unit}`,
      peer === undefined ? '' : figureOf(row).toFixed(2),
      isReached(row) ? aimOf(row) : `${aimOf(row)}, not reached`,
    ];
  });
  return table(['', 'restart-ledger', 'beside', 'ratio', 'aim'], cells);
}

function seriesTable({ columns, lines }: Series): string {
  return table(
    columns,
    lines.map((line) => line.map((value) => (value === undefined ? '' : short(value)))),
  );
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
