import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fileRecords } from '../../lib/files/file-records.ts';
import { largestRecord, type RecordBatch } from '../../lib/files/raw-record.ts';
import { threadedRecords } from '../../lib/files/threaded-records.ts';
import { readingThreads } from '../helpers/reading-threads.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('threaded-records-');
const { signal } = new AbortController();
const mebibyte = 1024 * 1024;

/** Lines that show a termination, each of some 100 KB. */
function terminations(count: number): string {
  return Array.from({ length: count }, (_, index) => termination(String(index).repeat(20_000))).join('');
}

function termination(text: string): string {
  return `{"kind":"Pod","terminated":"${text}"}\n`;
}

/** What is in a batch, while it is valid. */
function contentOf({ records, lists, skipped }: RecordBatch) {
  return {
    records: records.map(({ bytes, ...record }) => ({ ...record, text: bytes.toString('utf8') })),
    lists: lists.map((bytes) => bytes.toString('utf8')),
    skipped,
  };
}

/** The batches of a file and the bytes that were read for each; they are processed slowly. */
async function contentsOf(path: string, threadFrom: number) {
  let read = 0;
  const contents: unknown[] = [];
  const onBytes = (count: number) => {
    read += count;
  };
  const file = { path, size: 1, named: true, expected: true };
  for await (const batch of fileRecords(file, { onBytes, signal, threadFrom })) {
    await turn();
    contents.push({ read, ...contentOf(batch) });
  }
  return contents;
}

async function failureOf(work: Promise<unknown>) {
  const { name, message, code, errno, kind } = await work.then(
    () => assert.fail('it did not fail'),
    (error) => error,
  );
  return { name, message, code, errno, kind };
}

test('a file of more records than the shared memory holds is read whole, and the memory is not written to too early', async () => {
  const path = folder.write('dense.ndjson', terminations(500));
  const contents = await contentsOf(path, 0);
  assert.ok(contents.length > 20);
  assert.deepEqual(contents, await contentsOf(path, Infinity));
});

test('a record beyond 64 MiB is marked as too large, and the records around it are read', async () => {
  const path = folder.write(
    'large.ndjson',
    `${termination('a')}${termination('b'.repeat(largestRecord + mebibyte))}${termination('c')}`,
  );
  const contents = await contentsOf(path, 0);
  assert.ok(contents.length > 60);
  assert.deepEqual(contents, await contentsOf(path, Infinity));
});

for (const [what, path] of [
  ['that is not there', folder.path.concat('/none')],
  ['that is a folder', folder.path],
  ['of bytes', folder.write('binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0x23]))],
] as const) {
  test(`a file ${what} fails as it does in the same thread`, async () => {
    const failure = await failureOf(contentsOf(path, 0));
    assert.deepEqual(failure, await failureOf(contentsOf(path, Infinity)));
    assert.ok(failure.code !== undefined || failure.kind === 'invalid-input', failure.message);
  });
}

/** A thread that sends one empty batch before it goes on with this code. */
function threadWith(code: string): URL {
  const batch = { read: 1, records: [], lists: [], skipped: { pods: 1, others: 0 } };
  const start = `import { parentPort } from 'node:worker_threads';
    parentPort.postMessage({ type: 'batches', block: new SharedArrayBuffer(0), batches: [${JSON.stringify(batch)}] });`;
  return new URL(`data:text/javascript,${encodeURIComponent(start + code)}`);
}

const failing: readonly (readonly [what: string, code: string, fact: string])[] = [
  ['ends before the file does', '', 'it ended before the file did'],
  ['exits', 'process.exit(0)', 'it ended before the file did'],
  ['throws an error', "throw new TypeError('a bug')", 'a bug'],
];

for (const [what, code, fact] of failing) {
  test(`a thread that ${what} is an error that names the file`, async () => {
    const input = { path: 'pods.ndjson', expected: true };
    const reading = Array.fromAsync(threadedRecords(input, () => {}, threadWith(code)));
    const { message } = await failureOf(reading);
    assert.equal(message, `reading pods.ndjson: the thread that reads it failed: ${fact}`);
  });
}

test('a thread that waits for its batches to be processed is ended with the reading', async () => {
  const path = folder.write('waiting.ndjson', terminations(500));
  for await (const batch of threadedRecords({ path, expected: true }, () => {})) {
    assert.ok(batch.records.length > 0);
    assert.equal(readingThreads(), 1);
    break;
  }
  assert.equal(readingThreads(), 0);
});
