import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPageReader } from '../../../lib/kubernetes/api/read-page.ts';
import { readPage } from '../../helpers/read-page.ts';

const neverRestarted = {
  metadata: { name: 'never-restarted' },
  status: { containerStatuses: [{ restartCount: 0, lastState: {} }] },
};
const ended = {
  metadata: { name: 'ended' },
  status: { containerStatuses: [{ restartCount: 0, lastState: { terminated: {} } }] },
};
const counted = {
  metadata: { name: 'counted' },
  status: { containerStatuses: [{ restartCount: 0 }, { restartCount: 12 }] },
};
const metadata = { resourceVersion: '77', continue: 'next' };
const kind = { kind: 'PodList', apiVersion: 'v1' };

const expected = { count: 3, restarted: [ended, counted], resourceVersion: '77', next: 'next' };
const items = [neverRestarted, ended, counted];

const pages: Readonly<Record<string, string>> = {
  'as the API server writes it': JSON.stringify({ ...kind, metadata, items }),
  'with its metadata after the items': JSON.stringify({ ...kind, items, metadata }),
  'on many lines': JSON.stringify({ ...kind, metadata, items }, undefined, 2),
  'on many lines, with its metadata after the items': JSON.stringify(
    { items, metadata, ...kind },
    undefined,
    2,
  ),
};

for (const [sentence, page] of Object.entries(pages)) {
  test(`a page ${sentence} gives the Pods that have restarted, and its continue token`, () => {
    assert.deepEqual(readPage(Buffer.from(page)), expected);
  });
}

test('a restart is found when a key is written with escapes', () => {
  const escaped = JSON.stringify({ ...kind, metadata, items: [ended] }).replace(
    'terminated',
    '\\u0074erminated',
  );
  assert.equal(readPage(Buffer.from(escaped)).restarted.length, 1);
});

test('an empty list is valid, and the last page has no continue token', () => {
  const page = JSON.stringify({ ...kind, metadata: { resourceVersion: '5' }, items: [] });
  assert.deepEqual(readPage(Buffer.from(page)), { count: 0, restarted: [], resourceVersion: '5', next: '' });
});

const broken: Readonly<Record<string, string>> = {
  'that is truncated': JSON.stringify({ ...kind, metadata, items }).slice(0, -60),
  'that is none': '{"kind":"PodList"}',
  'without metadata': JSON.stringify({ ...kind, items }),
  'of HTML': '<html><body>"items" "metadata"</body></html>',
  'of nothing': '',
};

for (const [sentence, page] of Object.entries(broken)) {
  test(`a page ${sentence} is an error, and not an empty list`, () => {
    assert.throws(() => readPage(Buffer.from(page)));
  });
}

test('a page gives the same wherever its chunks end', () => {
  const texts = [...Object.values(pages), ...Object.values(broken)].map((text) => Buffer.from(text));
  const cuts = fc.array(fc.nat(800), { maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom(...texts), cuts, (page, positions) => {
      const reader = createPageReader();
      const ends = [...positions.sort((a, b) => a - b), page.length];
      const given = () => {
        for (const [index, end] of ends.entries()) {
          const chunk = Buffer.from(page.subarray(ends[index - 1] ?? 0, end));
          reader.write(chunk);
          // None is kept.
          chunk.fill('x');
        }
        return reader.end();
      };
      assert.deepEqual(
        outcome(given),
        outcome(() => readPage(page)),
      );
    }),
    { numRuns: 2000 },
  );
});

/** What it gives; of an error its name. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
}
