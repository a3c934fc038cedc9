import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { metricFamilies } from '../lib/metrics/families.ts';

const readme = await readFile('README.md', 'utf8');

/** The rows of the table with this head, without the line below it. */
function tableRows(head: string): readonly string[] {
  const [, table = ''] = readme.split(`${head}\n`);
  const rows = table.split('\n').slice(1);
  return rows.slice(0, rows.indexOf(''));
}

test('the README lists every metric family with its labels', () => {
  const families = tableRows('| metric | value | further labels |').map((row) => {
    const [, metric = '', , labels = ''] = row.split('|').map((cell) => cell.trim());
    return { metric, labels };
  });
  assert.deepEqual(
    families,
    metricFamilies.map(({ name, byDefault, labels }) => ({
      metric: `\`${name}\`${byDefault ? '' : ' (opt-in)'}`,
      labels: Object.keys(labels)
        .map((label) => `\`${label}\``)
        .join(', '),
    })),
  );
});
