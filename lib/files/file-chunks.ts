import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { decompress, decompressorFor } from './decompress.ts';

/** Large enough to recognise a format by, and small compared with the memory of any machine. */
const chunkSize = 1024 * 1024;

export interface FileChunksOptions {
  /** Called with the number of bytes of every read, before they are decompressed. */
  readonly onBytes: (count: number) => void;
  /** Ends the wait for a stream that may never end by itself: then there are no more chunks. */
  readonly signal: AbortSignal;
  /** The thread does nothing else than reading: then it reads files itself, which takes less time than to ask for it. */
  readonly mayBlock?: boolean;
}

/**
 * The bytes of a file (`-` is standard input) in chunks, decompressed where they start as gzip or zstd do. Those of a
 * file are large, those of a stream come as soon as they arrive. A chunk is valid until the next one is asked for.
 *
 * @throws the file system's or the decompressor's error, after all that could be read before.
 */
export async function* fileChunks(
  path: string,
  { onBytes, signal, mayBlock = false }: FileChunksOptions,
): AsyncGenerator<Buffer, void, void> {
  if (path === '-') {
    yield* decompressed(streamChunks(process.stdin, signal), onBytes);
    return;
  }
  const handle = await open(path);
  try {
    const isFile = (await handle.stat()).isFile();
    if (!isFile) yield* decompressed(streamChunks(handle.createReadStream(), signal), onBytes);
    else yield* decompressed(mayBlock ? chunksNow(handle) : chunksAhead(handle), onBytes);
  } finally {
    await handle.close();
  }
}

async function* decompressed(
  source: AsyncGenerator<Buffer, void, void>,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer, void, void> {
  const chunks = counted(source, onBytes);
  const first = await chunks.next();
  if (first.done) return;
  const create = decompressorFor(first.value);
  const bytes = continued(first.value, chunks);
  yield* create === undefined ? bytes : oneAhead(regrouped(decompress(bytes, create)));
}

/** Two buffers in turns: one is filled by the system while the other is processed. */
async function* chunksAhead(handle: FileHandle): AsyncGenerator<Buffer, void, void> {
  let [current, ahead] = [Buffer.allocUnsafe(chunkSize), Buffer.allocUnsafe(chunkSize)];
  let length = await fill(handle, current, 0);
  for (let offset = length; length > 0; offset += length) {
    const next = fill(handle, ahead, offset);
    next.catch(ignore);
    yield current.subarray(0, length);
    length = await next;
    [current, ahead] = [ahead, current];
  }
}

/** One buffer, filled by this thread itself. */
async function* chunksNow({ fd }: FileHandle): AsyncGenerator<Buffer, void, void> {
  const buffer = Buffer.allocUnsafe(chunkSize);
  for (;;) {
    let length = 0;
    for (let count = 1; count > 0 && length < buffer.length; length += count) {
      count = readSync(fd, buffer, length, buffer.length - length, null);
    }
    if (length === 0) return;
    yield buffer.subarray(0, length);
  }
}

/** When reading ends early, the pending read-ahead is not awaited, and may fail. */
function ignore(): void {}

/** Reads until the buffer is full or the file ends; resolves with the number of bytes. */
async function fill(handle: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, offset + length);
    length += bytesRead;
    if (bytesRead === 0 || length === buffer.length) return length;
  }
}

/** The chunks of a stream as soon as they arrive; the first chunk is long enough to recognise a format by. */
async function* streamChunks(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer, void, void> {
  let start = Buffer.alloc(0);
  try {
    for await (const chunk of addAbortSignal(signal, stream)) {
      if (!Buffer.isBuffer(chunk)) continue;
      if (start.length >= shortestStart) {
        yield chunk;
        continue;
      }
      start = Buffer.concat([start, chunk]);
      if (start.length >= shortestStart) yield start;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (start.length > 0 && start.length < shortestStart) yield start;
}

/** Bytes: more than the magic numbers that files start with, and less than any record. */
const shortestStart = 16;

async function* counted(
  source: AsyncIterable<Buffer>,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of source) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* continued(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  yield first;
  yield* rest;
}

/** The next chunk is decompressed while one is processed. */
async function* oneAhead(chunks: AsyncGenerator<Buffer, void, void>): AsyncGenerator<Buffer, void, void> {
  try {
    for (let current = await chunks.next(); !current.done; ) {
      const next = chunks.next();
      next.catch(ignore);
      yield current.value;
      current = await next;
    }
  } finally {
    await chunks.return();
  }
}

/** Chunks joined until they are large; what comes before a failure is yielded before it. */
async function* regrouped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let group: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      group.push(chunk);
      length += chunk.length;
      if (length < chunkSize) continue;
      yield Buffer.concat(group);
      group = [];
      length = 0;
    }
  } catch (error) {
    if (length > 0) yield Buffer.concat(group);
    throw error;
  }
  if (length > 0) yield Buffer.concat(group);
}
