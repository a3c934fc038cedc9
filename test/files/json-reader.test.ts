import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJsonReader } from '../../lib/files/json-reader.ts';
import type { RawRecord } from '../../lib/files/raw-record.ts';

/** A record that is not skipped. */
function ended(name: string): string {
  return `{"name":"${name}","terminated":{}}`;
}

/** Each record as its line and its text, and how many were skipped. */
function read(text: string) {
  const reader = createJsonReader();
  const records: unknown[] = [];
  const skipped = { pods: 0, others: 0 };
  for (const give of [() => reader.write(Buffer.from(text)), () => reader.end()]) {
    const found = give();
    records.push(...found.records.map(shown));
    skipped.pods += found.skipped.pods;
    skipped.others += found.skipped.others;
  }
  return { records, ...skipped };
}

function shown({ line, bytes, list }: RawRecord): readonly unknown[] {
  return [line, bytes.toString('utf8'), ...(list === undefined ? [] : [list])];
}

test('the prefilter never skips the first record, which shows what the file contains', () => {
  assert.deepEqual(read('{"kind":"Pod"}\n{"kind":"Pod"}'), {
    records: [[1, '{"kind":"Pod"}']],
    pods: 1,
    others: 0,
  });
});

const list = { kind: 'PodList', apiVersion: 'v1' };

test('values may be separated by any whitespace, or none', () => {
  assert.deepEqual(read(`${ended('a')}${ended('b')}\n\n  ${ended('c')}\r\n\t{}[]`), {
    records: [
      [1, ended('a')],
      [1, ended('b')],
      [3, ended('c')],
    ],
    pods: 0,
    others: 1,
  });
});

test('the items of a list are records with the kind of the list', () => {
  const text = `{"kind":"PodList","apiVersion":"v1","metadata":{"items":[1]},"items":[\n${ended('a')},{"name":"b"},\n${ended('c')}\n]}${ended('d')}`;
  assert.deepEqual(read(text), {
    records: [
      [2, ended('a'), list],
      [3, ended('c'), list],
      [4, ended('d')],
    ],
    pods: 1,
    others: 0,
  });
});

test('the kind of a list may follow its items, or be written with escapes', () => {
  const unknown = { kind: '', apiVersion: '' };
  assert.deepEqual(read(`{"items":[${ended('a')}],"kind":"PodList"}`).records, [[1, ended('a'), unknown]]);
  const escaped = `{"k\\u0069nd":"Pod\\u004cist","apiVersion":"v1","\\u0069tems":[${ended('a')}]}`;
  assert.deepEqual(read(escaped).records, [[1, ended('a'), list]]);
});

test('items of an object that is not a list are part of that object', () => {
  const text = `{"kind":"Widget","items":[${ended('a')}]}`;
  assert.deepEqual(read(text).records, [[1, text]]);
  const escaped = `{"kind":"\\u0057idget","items":[${ended('a')}]}`;
  assert.deepEqual(read(escaped).records, [[1, escaped]]);
});

test('the elements of a top-level array are records, whatever they are', () => {
  assert.deepEqual(read(`[${ended('a')},\n[${ended('b')}], "text", 7,\nnull]`).records, [
    [1, ended('a')],
    [2, `[${ended('b')}]`],
    [2, '"text"'],
    [2, '7'],
    [3, 'null'],
  ]);
});

test('brackets and quotes inside strings are not structural', () => {
  const text = '{"a":"}]\\"{[\\\\","terminated":"\\\\\\""}';
  assert.deepEqual(read(`${text}\n${ended('b')}`).records, [
    [1, text],
    [2, ended('b')],
  ]);
});

/** What is invalid, and which of the three records around it are found. */
const broken: readonly (readonly [name: string, text: string, records: readonly unknown[]])[] = [
  [
    'an object that is truncated',
    `${ended('a')}\n{"b":1\n${ended('c')}\n`,
    [
      [1, ended('a')],
      [2, '{"b":1\n'],
      [3, ended('c')],
    ],
  ],
  [
    'an object that is truncated in a string',
    `${ended('a')}\n{"b":"terminat\n${ended('c')}\n`,
    [
      [1, ended('a')],
      [2, '{"b":"terminat'],
      [3, ended('c')],
    ],
  ],
  [
    'text between objects',
    `${ended('a')}\nError from server\n  more of it\n${ended('c')}\n`,
    [
      [1, ended('a')],
      [2, 'Error from server'],
      [4, ended('c')],
    ],
  ],
  [
    'brackets too many',
    `${ended('a')}}]}\n${ended('c')}\n`,
    [
      [1, ended('a')],
      [1, '}]}'],
      [2, ended('c')],
    ],
  ],
  [
    'a missing end',
    `${ended('a')}\n{"kind":"PodList","items":[\n${ended('c')},\n{"d":\n`,
    [
      [1, ended('a')],
      [3, ended('c'), { kind: 'PodList', apiVersion: '' }],
      [4, '{"d":\n', { kind: 'PodList', apiVersion: '' }],
    ],
  ],
];

for (const [name, text, records] of broken) {
  test(`${name} is an invalid record, and reading continues after it`, () => {
    assert.deepEqual(read(text).records, records);
  });
}

test('a Pod that shows no restart is counted apart from an object that refers to a Pod', () => {
  const pods = [
    '{"kind":"Pod"}',
    '{\n    "apiVersion": "v1",\n    "kind": "Pod"\n}',
    `{"type":"ADDED","object":{"kind":"Pod"}}`,
  ];
  const others = [
    '{"kind":"Service"}',
    '{"kind":"Event","involvedObject":{"kind":"Pod"}}',
    '{"regarding": {"fieldPath":"spec.containers{app}","kind": "Pod"}, "kind": "Event"}',
    '{"kind":"EndpointSlice","endpoints":[{"targetRef":{"kind":"Pod"}}]}',
    '{"type":"BOOKMARK","object":{"kind":"Pod"}}',
    '{"name":"Pod"}',
  ];
  assert.deepEqual(read([ended('first'), ...pods, ...others].join('\n')), {
    records: [[1, ended('first')]],
    pods: pods.length,
    others: others.length,
  });
});
