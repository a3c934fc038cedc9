import { largestRecord } from './raw-record.ts';

/** Bytes that came in pieces. When they are more than can be held, `bytes` are only the first of them. */
export interface WholeBytes {
  readonly bytes: Buffer;
  readonly isTooLarge: boolean;
}

/** The start of a record that ends in a later chunk. */
export interface PendingBytes {
  /** Adds a copy of a piece. */
  add(piece: Buffer): void;
  /** What there is and a last piece; then it is empty again. What stands in one piece is not copied. */
  take(last: Buffer): WholeBytes;
}

/** Of what is too large so many bytes are kept: enough to see what it is. */
const keptOfTooLarge = 1024;

/**
 * The room for the pieces is doubled when it is full, so that a byte is copied less than three times on average however
 * small the pieces are. Beyond `limit` bytes it is given back.
 */
export function createPendingBytes(limit = largestRecord): PendingBytes {
  let room: Buffer = Buffer.alloc(0);
  let held = 0;
  let isTooLarge = false;

  function add(piece: Buffer): void {
    if (isTooLarge) return;
    const length = held + piece.length;
    if (length > limit) {
      isTooLarge = true;
      const start = Buffer.concat([
        room.subarray(0, Math.min(held, keptOfTooLarge)),
        piece.subarray(0, keptOfTooLarge),
      ]);
      room = Buffer.from(start.subarray(0, keptOfTooLarge));
      held = room.length;
      return;
    }
    if (length > room.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, Math.min(room.length * 2, limit)));
      room.copy(larger, 0, 0, held);
      room = larger;
    }
    piece.copy(room, held);
    held = length;
  }

  return {
    add,
    take(last) {
      if (held === 0 && last.length <= limit) return { bytes: last, isTooLarge: false };
      add(last);
      const whole = { bytes: room.subarray(0, held), isTooLarge };
      // The bytes go out: the next ones must not be written over them.
      room = Buffer.alloc(0);
      held = 0;
      isTooLarge = false;
      return whole;
    },
  };
}
