import { largestRecord } from './raw-record.ts';

/** Bytes that came in pieces. Beyond the limit, `bytes` are only the first of them. */
export interface WholeBytes {
  readonly bytes: Buffer;
  readonly isTooLarge: boolean;
}

/** The start of a record that ends in a later chunk. */
export interface PendingBytes {
  /** Adds a copy of a piece. */
  add(piece: Buffer): void;
  /** All pieces with a last one; then it is empty again. A single piece is not copied. */
  take(last: Buffer): WholeBytes;
}

/** So many bytes are kept of what is too large: enough to recognise it. */
const keptOfTooLarge = 1024;

/**
 * The buffer is doubled when it is full, so that a byte is copied less than three times on average however
 * small the pieces are. Beyond `limit` bytes it is released.
 */
export function createPendingBytes(limit = largestRecord): PendingBytes {
  let buffer: Buffer = Buffer.alloc(0);
  let used = 0;
  let isTooLarge = false;

  function add(piece: Buffer): void {
    if (isTooLarge) return;
    const length = used + piece.length;
    if (length > limit) {
      isTooLarge = true;
      const start = Buffer.concat([
        buffer.subarray(0, Math.min(used, keptOfTooLarge)),
        piece.subarray(0, keptOfTooLarge),
      ]);
      buffer = Buffer.from(start.subarray(0, keptOfTooLarge));
      used = buffer.length;
      return;
    }
    if (length > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, Math.min(buffer.length * 2, limit)));
      buffer.copy(larger, 0, 0, used);
      buffer = larger;
    }
    piece.copy(buffer, used);
    used = length;
  }

  return {
    add,
    take(last) {
      if (used === 0 && last.length <= limit) return { bytes: last, isTooLarge: false };
      add(last);
      const whole = { bytes: buffer.subarray(0, used), isTooLarge };
      // The caller owns these bytes now: the next ones must not overwrite them.
      buffer = Buffer.alloc(0);
      used = 0;
      isTooLarge = false;
      return whole;
    },
  };
}
