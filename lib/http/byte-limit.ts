import { LedgerError } from '../errors.ts';

/** Bounds the bytes of request bodies that are in memory at a time. */
export interface ByteLimit {
  /** The bytes of one request, none at first. */
  open(): Reservation;
}

export interface Reservation {
  /** @throws LedgerError `overloaded` beyond the limit; what was refused is not reserved. */
  readonly reserve: (bytes: number) => void;
  /** Gives back everything that was reserved. Called once. */
  release(): void;
}

export function createByteLimit(limit: number): ByteLimit {
  let total = 0;
  return {
    open() {
      let own = 0;
      return {
        reserve(bytes) {
          if (total + bytes > limit) throw overloaded(limit);
          total += bytes;
          own += bytes;
        },
        release() {
          total -= own;
        },
      };
    },
  };
}

function overloaded(limit: number): LedgerError {
  return new LedgerError('overloaded', {
    operation: 'accepting',
    subject: 'the request',
    fact: `with its body more than ${limit} bytes would be in flight`,
    remedy: 'send it again later, add replicas, or raise MAX_BYTES_IN_FLIGHT',
  });
}
