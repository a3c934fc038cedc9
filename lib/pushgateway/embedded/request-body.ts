import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { reasonOf } from '../../errors.ts';

/** A body as text, or why there is none. */
export type RequestBody =
  | { readonly text: string }
  | { readonly fault: string }
  | { readonly tooLarge: true };

const unpack = promisify(gunzip);

/** The body of a push, unpacked where it is gzip; `limit` is in bytes, before and after. */
export async function readRequestBody(request: IncomingMessage, limit: number): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > limit) return { tooLarge: true };
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (request.headers['content-encoding']?.toLowerCase() !== 'gzip') return { text: bytes.toString('utf8') };
  try {
    const unpacked = await unpack(bytes, { maxOutputLength: limit });
    return { text: unpacked.toString('utf8') };
  } catch (error) {
    return error instanceof RangeError ? { tooLarge: true } : { fault: gzipFault(bytes, error) };
  }
}

const gzipHeader = 10;

/** Go's words for a gzip stream that is broken. */
function gzipFault(bytes: Buffer, error: unknown): string {
  if (bytes.length < gzipHeader) return bytes.length === 0 ? 'EOF' : 'unexpected EOF';
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return 'gzip: invalid header';
  return reasonOf(error).includes('check') ? 'gzip: invalid checksum' : 'unexpected EOF';
}
