import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventJson } from '../../lib/cloudevents/event-json.ts';
import { LedgerError } from '../../lib/errors.ts';
import { podObject } from '../fixtures/pods.ts';

const refused: Readonly<Record<string, string>> = {
  'numbers in a list': `[${'1,'.repeat(500_000)}1]`,
  'empty lists': `[${'[],'.repeat(1_400_000)}[]]`,
  'empty objects': `{"a":[${'{},'.repeat(100_000)}{}]}`,
  'short fields': `{${Array.from({ length: 20_000 }, (_, index) => `"${index}":1`)}}`,
  'nested lists': '['.repeat(65_537),
};

for (const [what, json] of Object.entries(refused)) {
  test(`JSON of ${what} would take far more memory than its bytes, and is not parsed`, () => {
    const expected = new LedgerError('invalid-input', {
      operation: 'parsing',
      subject: 'the batch',
      fact: `it has more than ${Math.floor(json.length / 10)} values in ${json.length} bytes`,
      remedy: 'send the object as the Kubernetes API server writes it',
    });
    for (const form of [json, Buffer.from(json)])
      assert.throws(() => parseEventJson(form, 'the batch'), expected);
  });
}

test('a batch of Pods, a long text, and anything of up to 64 KiB are parsed', () => {
  for (const value of [
    Array.from({ length: 1000 }, () => podObject()),
    ['x'.repeat(1_000_000)],
    Array.from({ length: 32_000 }, () => 1),
  ]) {
    const json = JSON.stringify(value);
    assert.deepEqual(parseEventJson(json, 'the batch'), value);
    assert.deepEqual(parseEventJson(Buffer.from(json), 'the batch'), value);
  }
});
