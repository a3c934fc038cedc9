import { LedgerError } from '../errors.ts';

/** Counts what is in flight, and lets no more in than there may be. */
export interface Admission {
  /** @throws LedgerError `overloaded` when there are too many; what was not let in does not leave. */
  enter(): void;
  leave(): void;
}

export function createAdmission(most: number, onChange: (inFlight: number) => void): Admission {
  let inFlight = 0;
  return {
    enter() {
      if (inFlight >= most) throw overloaded(most);
      inFlight += 1;
      onChange(inFlight);
    },
    leave() {
      inFlight -= 1;
      onChange(inFlight);
    },
  };
}

function overloaded(most: number): LedgerError {
  return new LedgerError('overloaded', {
    operation: 'accepting',
    subject: 'the request',
    fact: `${most} requests are in flight`,
    remedy: 'send it again later, add replicas, or raise MAX_IN_FLIGHT',
  });
}
