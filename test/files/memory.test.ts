import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createJsonReader } from '../../lib/files/json-reader.ts';
import { createLineReader } from '../../lib/files/line-reader.ts';
import { largestRecord, type RecordReader } from '../../lib/files/raw-record.ts';
import { createYamlReader } from '../../lib/files/yaml-reader.ts';

const readers = { line: createLineReader, json: createJsonReader, yaml: createYamlReader };
const mebibyte = 1024 * 1024;

/** A Pod that shows a termination, on one line, with an annotation of the given length. */
function pod(name: string, annotation: number): readonly Buffer[] {
  const start = `{"kind":"Pod","metadata":{"name":"${name}","annotations":{"a":"`;
  const end = '"}},"status":{"containerStatuses":[{"lastState":{"terminated":{}}}]}}';
  return [Buffer.from(start), ...filling(annotation), Buffer.from(`${end}\n`)];
}

function filling(length: number): readonly Buffer[] {
  const block = Buffer.alloc(64 * 1024, 'x');
  return Array.from({ length: length / block.length }, () => block);
}

function read(reader: RecordReader, chunks: readonly Buffer[]) {
  const records: (readonly [line: number, start: string, isTooLarge: boolean])[] = [];
  for (const give of [...chunks.map((chunk) => () => reader.write(chunk)), () => reader.end()]) {
    for (const { line, bytes, isTooLarge } of give().records) {
      records.push([line, /"name":"(\w+)"/.exec(bytes.toString('utf8', 0, 100))?.[1] ?? '', isTooLarge]);
    }
  }
  return records;
}

/** Counts the bytes that are copied from one buffer to another. */
function countCopies(context: TestContext): () => number {
  let copied = 0;
  const copy = Buffer.prototype.copy;
  const { concat, from } = Buffer;
  context.mock.method(
    Buffer.prototype,
    'copy',
    function (this: Buffer, ...parameters: Parameters<typeof copy>) {
      const count = copy.apply(this, parameters);
      copied += count;
      return count;
    },
  );
  context.mock.method(Buffer, 'concat', (...parameters: Parameters<typeof concat>) => {
    const joined = concat(...parameters);
    copied += joined.length;
    return joined;
  });
  context.mock.method(Buffer, 'from', (...parameters: Parameters<typeof from>) => {
    const made = from(...parameters);
    copied += made.length;
    return made;
  });
  return () => copied;
}

for (const [name, create] of Object.entries(readers)) {
  test(`the ${name} reader copies each byte of a long line a few times at most, however small the chunks`, (context) => {
    const chunks = [...pod('a', 16 * mebibyte), Buffer.from(name === 'yaml' ? '---\n' : ''), ...pod('b', 0)];
    const copied = countCopies(context);
    assert.deepEqual(read(create(), chunks), [
      [1, 'a', false],
      [name === 'yaml' ? 3 : 2, 'b', false],
    ]);
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    assert.ok(copied() < 4 * bytes, `${copied()} bytes were copied of ${bytes}`);
  });

  test(`the ${name} reader reports a record beyond 64 MiB as too large, and continues after it`, () => {
    const between = Buffer.from(name === 'yaml' ? '---\n' : '');
    const chunks = [...pod('a', 0), between, ...pod('b', largestRecord + mebibyte), between, ...pod('c', 0)];
    const lines = name === 'yaml' ? [1, 3, 5] : [1, 2, 3];
    assert.deepEqual(read(create(), chunks), [
      [lines[0], 'a', false],
      [lines[1], 'b', true],
      [lines[2], 'c', false],
    ]);
  });

  test(`the ${name} reader releases the memory of a record that is too large while reading it`, () => {
    const reader = create();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (const chunk of pod('a', 4 * largestRecord)) {
      reader.write(chunk);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    assert.ok(most < 2.5 * largestRecord, `${most} bytes were held`);
  });
}

test('the JSON reader gives the items of a list around one that is too large', () => {
  const chunks = [
    Buffer.from('{"kind":"PodList","items":['),
    ...pod('a', 0),
    Buffer.from(','),
    ...pod('b', largestRecord + mebibyte),
    Buffer.from(','),
    ...pod('c', 0),
    Buffer.from(']}'),
  ];
  assert.deepEqual(read(createJsonReader(), chunks), [
    [1, 'a', false],
    [2, 'b', true],
    [3, 'c', false],
  ]);
});

test('brackets that are nested too deeply are an invalid record, and reading continues at the next line', () => {
  const reader = createJsonReader();
  const chunks = [
    ...Array.from({ length: 100 }, () => Buffer.alloc(64 * 1024, '[')),
    Buffer.from('\n'),
    ...pod('a', 0),
  ];
  const records = chunks.flatMap((chunk) => [...reader.write(chunk).records]);
  assert.deepEqual(
    records.map(({ line, bytes }) => [line, bytes.length < 2000]),
    [
      [1, true],
      [2, true],
    ],
  );
});
