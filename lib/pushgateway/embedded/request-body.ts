import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LedgerError } from '../../errors.ts';
import { readBody } from '../../http/read-body.ts';

/** A body as text, or why there is none. */
export type RequestBody =
  | { readonly text: string }
  | { readonly fault: string }
  | { readonly tooLarge: true };

const decompress = promisify(gunzip);

/**
 * The body of a push, decompressed where it is gzip.
 *
 * @param limit In bytes, compressed and decompressed.
 * @throws LedgerError `invalid-input` when the sender disconnects before its end.
 */
export async function readRequestBody(request: IncomingMessage, limit: number): Promise<RequestBody> {
  let bytes: Buffer;
  try {
    bytes = await readBody(request, limit);
  } catch (error) {
    if (error instanceof LedgerError && error.kind === 'too-large') return { tooLarge: true };
    throw error;
  }
  if (request.headers['content-encoding']?.toLowerCase() !== 'gzip') return { text: bytes.toString('utf8') };
  try {
    const decompressed = await decompress(bytes, { maxOutputLength: limit });
    return { text: decompressed.toString('utf8') };
  } catch (error) {
    return error instanceof RangeError ? { tooLarge: true } : { fault: gzipFault(bytes, error) };
  }
}

const gzipHeader = 10;

/** Go's message for an invalid gzip stream. */
function gzipFault(bytes: Buffer, error: unknown): string {
  if (bytes.length < gzipHeader) return bytes.length === 0 ? 'EOF' : 'unexpected EOF';
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return 'gzip: invalid header';
  const isCutOff = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
  return isCutOff ? 'unexpected EOF' : 'gzip: invalid checksum';
}
