import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';

type Decompressor = Gunzip | ZstdDecompress;

/** Bytes that are decompressed at a time. */
const chunkSize = 1024 * 1024;
/** Compressed bytes that are written at a time: small enough that reading and decompressing overlap. */
const writeSize = 64 * 1024;

/**
 * The decompressor of bytes that start like these; `undefined` where they are not compressed.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1, https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
 */
export function decompressorFor(head: Buffer): (() => Decompressor) | undefined {
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return () => createGunzip({ chunkSize });
  if (head.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) {
    return () => createZstdDecompress({ chunkSize });
  }
  return undefined;
}

/**
 * The decompressed bytes of all the frames that follow each other: compressed files may be concatenated.
 *
 * @throws the decompressor's error about invalid or missing bytes, after all that could be decompressed before them.
 */
export async function* decompress(
  compressed: AsyncIterable<Buffer>,
  create: () => Decompressor,
): AsyncGenerator<Buffer, void, void> {
  const pieces: Buffer[] = [];
  const start = () => create().on('data', (piece: Buffer) => pieces.push(piece));
  const taken = () => pieces.splice(0);
  let decompressor = start();
  try {
    for await (const chunk of compressed) {
      for (let rest = chunk; rest.length > 0; ) {
        const given = rest.subarray(0, writeSize);
        const consumed = await write(decompressor, given);
        yield* taken();
        rest = rest.subarray(consumed);
        if (consumed === given.length) continue;
        // Node leaves what follows a zstd frame, and the padding that follows gzip.
        if (isPadding(rest)) return;
        decompressor = start();
      }
    }
    await end(decompressor);
  } catch (error) {
    yield* taken();
    throw error;
  } finally {
    decompressor.destroy();
  }
  yield* taken();
}

/** Resolves with the number of bytes that were consumed. */
async function write(decompressor: Decompressor, chunk: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const before = decompressor.bytesWritten;
  decompressor.once('error', reject);
  decompressor.write(chunk, (error) => {
    if (error) return reject(error);
    decompressor.off('error', reject);
    resolve(decompressor.bytesWritten - before);
  });
  return await promise;
}

async function end(decompressor: Decompressor): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  decompressor.once('error', reject).once('end', resolve).end();
  await promise;
}

function isPadding(bytes: Buffer): boolean {
  return bytes[0] === 0;
}
