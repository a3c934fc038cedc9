import { counted } from '../counted.ts';
import { LedgerError } from '../errors.ts';

/** Counts the requests in flight, and refuses those beyond the limit. */
export interface InFlightLimit {
  /** @throws LedgerError `overloaded` at the limit; a request that was refused does not leave. */
  enter(): void;
  leave(): void;
}

export function createInFlightLimit(limit: number, onChange: (inFlight: number) => void): InFlightLimit {
  let inFlight = 0;
  return {
    enter() {
      if (inFlight >= limit) throw overloaded(limit);
      inFlight += 1;
      onChange(inFlight);
    },
    leave() {
      inFlight -= 1;
      onChange(inFlight);
    },
  };
}

function overloaded(limit: number): LedgerError {
  return new LedgerError('overloaded', {
    operation: 'accepting',
    subject: 'the request',
    fact: `${counted(limit, 'request')} ${limit === 1 ? 'is' : 'are'} in flight`,
    remedy: 'send it again later, add replicas, or raise MAX_IN_FLIGHT',
  });
}
