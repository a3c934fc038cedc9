import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordForm } from '../../../lib/cli/output/form-names.ts';
import { showRecords } from '../../../lib/cli/output/record-forms.ts';

/** So many records, and how many of them had been asked for at each write. */
async function written(count: number, form: RecordForm) {
  let asked = 0;
  function* records() {
    for (; asked < count; asked += 1) yield { name: `a${asked}`, sum: asked };
  }
  const writes: { readonly lines: string; readonly asked: number }[] = [];
  await showRecords(records(), form, {
    out: (lines) => writes.push({ lines, asked }),
    drained: async () => {},
  });
  return writes;
}

test('records are written as they come, many in one write', async () => {
  for (const form of ['json', 'csv'] as const) {
    const writes = await written(1200, form);
    assert.equal(writes.length, 3);
    assert.ok((writes[0]?.asked ?? 1200) <= 500, 'the first before the others are asked for');
    const lines = writes.map((write) => write.lines).join('\n');
    const numbers = Array.from({ length: 1200 }, (_, number) => number);
    assert.equal(
      lines,
      form === 'json'
        ? numbers.map((number) => `{"name":"a${number}","sum":${number}}`).join('\n')
        : ['name,sum', ...numbers.map((number) => `a${number},${number}`)].join('\n'),
    );
  }
});

test('YAML is one list', async () => {
  assert.deepEqual(await written(2, 'yaml'), [
    { lines: '- name: a0\n  sum: 0\n- name: a1\n  sum: 1', asked: 2 },
  ]);
});

test('of no record nothing is written', async () => {
  for (const form of ['json', 'csv', 'yaml'] as const) assert.deepEqual(await written(0, form), []);
});
