import type { IncomingMessage } from 'node:http';
import { LedgerError } from '../errors.ts';

/**
 * The whole body of a request, in one buffer that is as large as the declared length, and that doubles where none is
 * declared; a list of its chunks would cost more than the body when they are small.
 *
 * @param limit In bytes.
 * @param reserve Called with the bytes that are about to be allocated: with all that are declared before the body is
 * read. What it throws refuses the request, whose further chunks are discarded.
 * @throws LedgerError `too-large` as soon as it has, or announces, more bytes than `limit`; the rest is not
 * read. `invalid-input` when the sender disconnects before its end.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  reserve: (bytes: number) => void = () => {},
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let body: Buffer = Buffer.alloc(0);
  let length = 0;
  let capacity = 0;

  function makeRoom(bytes: number): void {
    if (bytes > limit) throw tooLarge(limit);
    if (bytes <= capacity) return;
    const larger = Math.min(limit, Math.max(bytes, 2 * capacity));
    reserve(larger - capacity);
    capacity = larger;
  }

  function append(chunk: Buffer): void {
    const end = length + chunk.length;
    makeRoom(end);
    if (chunk.length === capacity) body = chunk;
    else {
      if (body.length < capacity) body = enlarged(body, capacity);
      chunk.copy(body, length);
    }
    length = end;
  }

  function take(chunk: Buffer): void {
    try {
      append(chunk);
      if (length > unpacedBytes) pace(request, taken);
    } catch (error) {
      request.off('data', take);
      if (error instanceof LedgerError && error.kind === 'too-large') request.pause();
      else discard(request);
      reject(error);
    }
  }

  try {
    // The sender may have disconnected while its token was verified: then none of the events below comes any more.
    if (request.destroyed) throw brokenOff(new Error('aborted'));
    makeRoom(Number(request.headers['content-length'] ?? 0));
    request.on('data', take);
    request.on('end', () => resolve(body.subarray(0, length)));
    request.on('error', (cause) => reject(brokenOff(cause)));
  } catch (error) {
    if (!(error instanceof LedgerError && error.kind === 'too-large')) discard(request);
    reject(error);
  }
  return promise;
}

/** What is read of a body in one turn of the event loop, more or less; a small one is read at once. */
const unpacedBytes = 65_536;

/** Requests with more of a body than is read at once: those whose body is taken, and those whose body is discarded. */
const taken: IncomingMessage[] = [];
const discarded: IncomingMessage[] = [];

/**
 * Reads on in a later turn of the event loop, one body in each. Node would read up to 2 MiB of each connection in one turn, and
 * it accepts one connection in each: a probe that comes behind many uploads would wait for seconds.
 */
function pace(request: IncomingMessage, waiting: IncomingMessage[]): void {
  request.pause();
  if (taken.length + discarded.length === 0) setImmediate(readOn);
  waiting.push(request);
}

/** Bodies that are taken go first, so that what is discarded does not use up the time that they may take. */
function readOn(): void {
  (taken.shift() ?? discarded.shift())?.resume();
  if (taken.length + discarded.length > 0) setImmediate(readOn);
}

/** The rest of a body is read, so that its sender gets the answer and can use the connection again. */
function discard(request: IncomingMessage): void {
  request.on('data', () => pace(request, discarded));
}

function enlarged(body: Buffer, capacity: number): Buffer {
  const larger = Buffer.allocUnsafe(capacity);
  body.copy(larger);
  return larger;
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
