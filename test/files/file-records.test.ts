import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { fileRecords } from '../../lib/files/file-records.ts';
import { readingThreads } from '../helpers/reading-threads.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** More than a thread reads ahead, so that it is there as long as the file is read. */
const content = `{"kind":"Pod","terminated":"${'x'.repeat(100_000)}"}\n`.repeat(300);
const folder = temporaryFolder('file-records-');
const plain = folder.write('pods.ndjson', content);
const compressed = folder.write('pods.ndjson.zst', zstdCompressSync(content));
const { signal } = new AbortController();
const mebibyte = 1024 * 1024;

/** How many threads read the file, which is said to have a size, and how many records it has. */
async function readingOf(
  path: string,
  size: number | undefined,
  options: { readonly threadFrom?: number } = {},
) {
  let threads = 0;
  let pods = 0;
  const file = { path, size, named: true, expected: true };
  for await (const { records, skipped } of fileRecords(file, { onBytes() {}, signal, ...options })) {
    threads = Math.max(threads, readingThreads());
    pods += records.length + skipped.pods;
  }
  return { threads, pods };
}

test('a file of 256 MiB, compressed 32 MiB, is read in a thread where there are two cores, a smaller one or a stream is not', async () => {
  const threaded = { threads: availableParallelism() > 1 ? 1 : 0, pods: 300 };
  const alone = { threads: 0, pods: 300 };
  assert.deepEqual(await readingOf(plain, 256 * mebibyte), threaded);
  assert.deepEqual(await readingOf(plain, 256 * mebibyte - 1), alone);
  assert.deepEqual(await readingOf(compressed, 32 * mebibyte), threaded);
  assert.deepEqual(await readingOf(compressed, 32 * mebibyte - 1), alone);
  assert.deepEqual(await readingOf(plain, undefined), alone);
  assert.deepEqual(await readingOf(plain, 600 * mebibyte, { threadFrom: Infinity }), alone);
});
