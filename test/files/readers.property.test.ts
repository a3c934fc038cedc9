import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJsonReader } from '../../lib/files/json-reader.ts';
import { createLineReader } from '../../lib/files/line-reader.ts';
import type { RecordBatch, RecordReader } from '../../lib/files/raw-record.ts';

const readers = { line: createLineReader, json: createJsonReader };

interface Outcome {
  /** Line and text. */
  readonly records: readonly (readonly [line: number, text: string])[];
  readonly pods: number;
  readonly others: number;
}

/** What a reader finds in bytes that are split at these offsets. */
function read(create: () => RecordReader, bytes: Buffer, cuts: readonly number[] = []): Outcome {
  const reader = create();
  const records: [number, string][] = [];
  const skipped = { pods: 0, others: 0 };
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  const note = (found: RecordBatch) => {
    for (const record of found.records) records.push([record.line, record.bytes.toString('utf8')]);
    skipped.pods += found.skipped.pods;
    skipped.others += found.skipped.others;
  };
  for (const chunk of chunks) note(reader.write(reused(chunk)));
  note(reader.end());
  return { records, ...skipped };
}

/** A reader must not keep a chunk: the next one overwrites it. */
const buffer = Buffer.alloc(64 * 1024);
function reused(chunk: Buffer): Buffer {
  chunk.copy(buffer);
  return buffer.subarray(0, chunk.length);
}

// No backslash: V8 13.6 takes an escaped key for one of backslashes that it saw in an object of the same shape.
const keys = fc.oneof(
  fc.constantFrom('terminated', 'kind', 'items', 'lastState', 'object', 'data'),
  fc.string().filter((key) => !key.includes('\\')),
);
const { value: jsonObject } = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  object: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.oneof(
      fc.constantFrom('Pod', 'List', 'PodList', 'terminated', '"', '\\', '{', '}', null, true, 1.5e-7),
      fc.string(),
    ),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const objects = fc.dictionary(keys, jsonObject, { maxKeys: 4 });

/** JSON text of a value, each letter of a string as it is or as an escape, in its turn as `choices` say. */
function written(value: unknown, choices: readonly boolean[]): string {
  let turn = 0;
  return JSON.stringify(value).replaceAll(/"(?:[^"\\]|\\.)*"/g, (literal) => {
    const text: unknown = JSON.parse(literal);
    const letters = [...String(text)].map((letter) => {
      const isEscaped = choices[turn++ % choices.length] ?? false;
      if (isEscaped) return [...letter].flatMap(unitEscapes).join('');
      return JSON.stringify(letter).slice(1, -1);
    });
    return `"${letters.join('')}"`;
  });
}

function unitEscapes(letter: string): readonly string[] {
  return Array.from(
    { length: letter.length },
    (_, index) => `\\u${letter.charCodeAt(index).toString(16).padStart(4, '0')}`,
  );
}

function hasTermination(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'terminated' in value || Object.values(value).some(hasTermination);
}

const choices = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
const cuts = fc.array(fc.nat(), { maxLength: 8 });

for (const [name, create] of Object.entries(readers)) {
  test(`the ${name} reader skips no record with the key terminated, however it is written and chunked`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(objects, choices), { maxLength: 5 }), cuts, (values, places) => {
        const text = values.map(([value, escapes]) => `${written(value, escapes)}\n`).join('');
        const { records, pods, others } = read(create, Buffer.from(text), places);
        const found = records.map(([, record]): unknown => JSON.parse(record));
        const held = values.map(([value]): unknown => JSON.parse(JSON.stringify(value)));
        assert.deepEqual(
          found.flatMap(partsOf).filter(hasTermination),
          held.flatMap(partsOf).filter(hasTermination),
        );
        if (name === 'line') assert.equal(found.length + pods + others, held.length);
      }),
      { numRuns: 500 },
    );
  });

  test(`chunk boundaries do not change what the ${name} reader finds, in any text`, () => {
    const pieces = fc.oneof(
      objects.map((value) => JSON.stringify(value)),
      objects.map((value) => JSON.stringify(value, null, 2)),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ',',
        ':',
        '\n',
        '\r\n',
        ' ',
        '\\',
        '\\"',
        '\\u',
        'terminated',
        '"items":[',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), cuts, (texts, places) => {
        const bytes = Buffer.from(texts.join(''));
        assert.deepEqual(read(create, bytes, places), read(create, bytes));
      }),
      { numRuns: 1000 },
    );
  });
}

/** A list gives its items, in its items too: the JSON reader gives them by themselves, the other one does not. */
function partsOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items))
    return [value];
  const before = Object.entries(value).slice(0, Object.keys(value).indexOf('items'));
  const kind = before.find(([key]) => key === 'kind')?.[1];
  return typeof kind === 'string' && kind !== '' && !kind.endsWith('List')
    ? [value]
    : value.items.flatMap(partsOf);
}
