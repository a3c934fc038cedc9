import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Large enough to tell a format by, and small beside the memory of any machine. */
const chunkSize = 1024 * 1024;

/**
 * The bytes of a file (`-` is standard input) in large chunks, unpacked where they start as gzip or zstd do. A chunk
 * is valid until the next one is asked for.
 *
 * @param onBytes Told of every byte that is read, before it is unpacked.
 */
export async function* fileChunks(
  path: string,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer, void, void> {
  if (path === '-') {
    yield* streamChunks(counted(process.stdin, onBytes));
    return;
  }
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    yield* unpackerOf(buffer.subarray(0, bytesRead)) === undefined
      ? counted(chunksAhead(handle), onBytes)
      : streamChunks(counted(createReadStream(path), onBytes));
  } finally {
    await handle.close();
  }
}

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1, https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1 */
function unpackerOf(head: Buffer) {
  const options = { chunkSize };
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return createGunzip(options);
  if (head.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return createZstdDecompress(options);
  return undefined;
}

/** Two buffers in turns: one is filled by the system while the other is being worked on. */
async function* chunksAhead(handle: FileHandle): AsyncGenerator<Buffer, void, void> {
  let [current, ahead] = [Buffer.allocUnsafe(chunkSize), Buffer.allocUnsafe(chunkSize)];
  let length = await fill(handle, current, 0);
  for (let offset = length; length > 0; offset += length) {
    const next = fill(handle, ahead, offset);
    yield current.subarray(0, length);
    length = await next;
    [current, ahead] = [ahead, current];
  }
}

/** Reads until the buffer is full or the file ends; gives how many bytes that are. */
async function fill(handle: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, offset + length);
    length += bytesRead;
    if (bytesRead === 0 || length === buffer.length) return length;
  }
}

/** The chunks of a stream, unpacked where they start so, and put together until they are large. */
async function* streamChunks(source: AsyncGenerator<Buffer, void, void>): AsyncGenerator<Buffer, void, void> {
  const chunks = regrouped(source);
  const first = await chunks.next();
  if (first.done) return;
  const unpack = unpackerOf(first.value);
  const bytes = continued(first.value, chunks);
  yield* unpack === undefined ? bytes : regrouped(Readable.from(bytes, { objectMode: false }).pipe(unpack));
}

async function* counted(
  source: AsyncIterable<unknown>,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of source) {
    if (!Buffer.isBuffer(chunk)) continue;
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* continued(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  yield first;
  yield* rest;
}

async function* regrouped(chunks: AsyncIterable<unknown>): AsyncGenerator<Buffer, void, void> {
  let group: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (!Buffer.isBuffer(chunk)) continue;
    group.push(chunk);
    length += chunk.length;
    if (length < chunkSize) continue;
    yield Buffer.concat(group);
    group = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(group);
}
