import { on } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../errors.ts';
import type { RecordBatch } from './raw-record.ts';
import { type RecordMessage, type ThreadInput, unpackBatch, unpackFailure } from './record-messages.ts';

/** Beside this module, as a source or in the bundle. */
const recordThread = new URL(`./record-thread${extname(import.meta.url)}`, import.meta.url);

/** MB: what the thread makes is garbage soon, and a young generation that grows would only take memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };

/**
 * The batches that {@link readRecords} gives of a file, read in a thread of its own: on two cores the file is read and searched
 * while what was found in it is parsed. The memory that they share is bounded.
 *
 * @param onBytes Called with the number of bytes that have been read of the file, before they are decompressed.
 * @param thread The module that the thread runs.
 * @throws the file system's or the decompressor's error, after all that could be read before; an error when the thread
 * fails or ends before the file does.
 */
export async function* threadedRecords(
  { path, expected }: Omit<ThreadInput, 'processed'>,
  onBytes: (count: number) => void,
  thread = recordThread,
): AsyncGenerator<RecordBatch, void, void> {
  const processed = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const processedCount = new Int32Array(processed);
  const workerData: ThreadInput = { path, expected, processed };
  const worker = new Worker(thread, { workerData, resourceLimits });
  try {
    for await (const message of messagesOf(worker, path)) {
      if (message.type === 'end') return;
      if (message.type === 'failure') throw unpackFailure(message.failure);
      for (const batch of message.batches) {
        onBytes(batch.read);
        yield unpackBatch(batch, message.block);
      }
      Atomics.add(processedCount, 0, 1);
      Atomics.notify(processedCount, 0);
    }
  } finally {
    await worker.terminate();
  }
  throw threadFailure(path, 'it ended before the file did');
}

async function* messagesOf(worker: Worker, path: string): AsyncGenerator<RecordMessage, void, void> {
  try {
    for await (const [message] of on(worker, 'message', { close: ['exit'] })) yield message;
  } catch (error) {
    throw threadFailure(path, reasonOf(error), error);
  }
}

/** A bug, or memory that the thread did not get: never an error of the file. */
function threadFailure(path: string, fact: string, cause?: unknown): Error {
  return new Error(`reading ${path}: the thread that reads it failed: ${fact}`, { cause });
}
