import type { IncomingMessage } from 'node:http';
import { LedgerError } from '../errors.ts';

/**
 * The whole body of a request.
 *
 * @throws LedgerError `too-large` as soon as it has, or announces, more bytes than `limit`; the rest is not
 * read. `invalid-input` when the sender disconnects before its end.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let length = 0;

  function refuse(): void {
    request.off('data', take).pause();
    reject(tooLarge(limit));
  }

  function take(chunk: Buffer): void {
    length += chunk.length;
    if (length > limit) refuse();
    else chunks.push(chunk);
  }

  if (Number(request.headers['content-length']) > limit) refuse();
  else {
    request.on('data', take);
    request.on('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, length));
    });
    request.on('error', (cause) => reject(brokenOff(cause)));
  }
  return promise;
}

function tooLarge(limit: number): LedgerError {
  return new LedgerError('too-large', {
    operation: 'reading',
    subject: 'the request',
    fact: `its body is larger than ${limit} bytes`,
    remedy: 'send fewer events at a time, or raise MAX_BODY_BYTES',
  });
}

function brokenOff(cause: Error): LedgerError {
  const parts = {
    operation: 'reading',
    subject: 'the request',
    fact: cause.message,
    remedy: 'send a whole HTTP request',
  };
  return new LedgerError('invalid-input', parts, { cause });
}
