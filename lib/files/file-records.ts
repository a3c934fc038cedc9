import { availableParallelism } from 'node:os';
import { fileChunks } from './file-chunks.ts';
import type { InputFile } from './input-file.ts';
import type { RecordBatch } from './raw-record.ts';
import { readRecords } from './read-records.ts';

export interface FileRecordsOptions {
  /** Called with the number of bytes of every read, before they are decompressed. */
  readonly onBytes: (count: number) => void;
  /** Ends the wait for a stream that may never end by itself: then there are no more records. */
  readonly signal: AbortSignal;
  /** Files of at least so many bytes, uncompressed, are read in a thread of their own. Default: 256 MiB; where there is one core, none. */
  readonly threadFrom?: number;
}

/** What a thread takes to start and to send is measured to be won back from here on. */
const smallestForThread = 256 * 1024 * 1024;

/** Objects of Kubernetes are so many times as large as when they are compressed. */
const compression = 8;

/**
 * The records of a file, in its order. A batch is valid until the next one is asked for.
 *
 * @throws the file system's or the decompressor's error, after all that could be read before.
 */
export async function* fileRecords(
  { path, size = 0, expected }: InputFile,
  {
    onBytes,
    signal,
    threadFrom = availableParallelism() > 1 ? smallestForThread : Infinity,
  }: FileRecordsOptions,
): AsyncGenerator<RecordBatch, void, void> {
  const uncompressed = /\.(?:gz|zst)$/.test(path) ? size * compression : size;
  if (uncompressed < threadFrom) {
    yield* readRecords(fileChunks(path, { onBytes, signal }), expected);
    return;
  }
  const { threadedRecords } = await import('./threaded-records.ts');
  yield* threadedRecords({ path, expected }, onBytes);
}
