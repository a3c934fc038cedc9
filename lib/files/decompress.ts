import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';

type Unpacker = Gunzip | ZstdDecompress;

/** What is unpacked at a time. */
const chunkSize = 1024 * 1024;
/** What is given to be unpacked at a time: small enough that reading and unpacking overlap. */
const packedSize = 64 * 1024;

/**
 * How to unpack bytes that start like these; `undefined` where they are not packed.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1, https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
 */
export function unpackerFor(head: Buffer): (() => Unpacker) | undefined {
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return () => createGunzip({ chunkSize });
  if (head.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) {
    return () => createZstdDecompress({ chunkSize });
  }
  return undefined;
}

/**
 * The unpacked bytes, of all the frames that follow each other: packed files are put together by appending.
 *
 * @throws what the unpacking says of broken or missing bytes, after all that could be unpacked before them.
 */
export async function* unpack(
  packed: AsyncIterable<Buffer>,
  create: () => Unpacker,
): AsyncGenerator<Buffer, void, void> {
  const pieces: Buffer[] = [];
  const start = () => create().on('data', (piece: Buffer) => pieces.push(piece));
  const taken = () => pieces.splice(0);
  let unpacker = start();
  try {
    for await (const chunk of packed) {
      for (let rest = chunk; rest.length > 0; ) {
        const given = rest.subarray(0, packedSize);
        const consumed = await write(unpacker, given);
        yield* taken();
        rest = rest.subarray(consumed);
        if (consumed === given.length) continue;
        // Node leaves what follows a zstd frame, and the padding that follows gzip.
        if (isPadding(rest)) return;
        unpacker = start();
      }
    }
    await end(unpacker);
  } catch (error) {
    yield* taken();
    throw error;
  } finally {
    unpacker.destroy();
  }
  yield* taken();
}

/** Gives how many bytes were taken. */
async function write(unpacker: Unpacker, chunk: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const before = unpacker.bytesWritten;
  unpacker.once('error', reject);
  unpacker.write(chunk, (error) => {
    if (error) return reject(error);
    unpacker.off('error', reject);
    resolve(unpacker.bytesWritten - before);
  });
  return await promise;
}

async function end(unpacker: Unpacker): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  unpacker.once('error', reject).once('end', resolve).end();
  await promise;
}

function isPadding(bytes: Buffer): boolean {
  return bytes[0] === 0;
}
