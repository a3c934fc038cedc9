import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { measuredDocuments, withMeasurements } from '../../bench/report/measured-sections.ts';
import type { Results } from '../../bench/report/row.ts';

const results: Results = JSON.parse(readFileSync('bench/results.json', 'utf8'));

for (const path of measuredDocuments) {
  test(`${path} shows what the benchmark has measured`, () => {
    const document = readFileSync(path, 'utf8');
    assert.match(document, /<!-- measured: /);
    assert.equal(document, withMeasurements(document, results));
  });
}
