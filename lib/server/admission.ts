import { timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { LedgerError } from '../errors.ts';

/** @throws LedgerError `unauthenticated` without a bearer token, `forbidden` with another one. */
export function authenticate(authorization: string | undefined, authToken: string): void {
  const [scheme = '', token = ''] = authorization?.split(' ') ?? [];
  const operation = 'accepting';
  const subject = 'the request';
  const remedy = 'send Authorization: Bearer with the token of AUTH_TOKEN';
  if (scheme.toLowerCase() !== 'bearer') {
    throw new LedgerError('unauthenticated', { operation, subject, fact: 'it has no bearer token', remedy });
  }
  const given = Buffer.from(token);
  const expected = Buffer.from(authToken);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new LedgerError('forbidden', { operation, subject, fact: 'its bearer token is another', remedy });
  }
}

/** Counts what is in flight, and lets no more in than there may be. */
export interface Admission {
  /**
   * Lets a request in until its response has ended, or its sender has gone.
   * @throws LedgerError `overloaded` when there are too many.
   */
  admit(response: ServerResponse): void;
  /** Work for a request that was let in: it stays in flight until the work has ended, even if its sender goes. */
  whileWorking<T>(response: ServerResponse, work: () => Promise<T>): Promise<T>;
}

export function createAdmission(most: number, onChange: (inFlight: number) => void): Admission {
  let inFlight = 0;
  const working = new WeakSet<ServerResponse>();

  function release(): void {
    inFlight -= 1;
    onChange(inFlight);
  }

  return {
    admit(response) {
      if (inFlight >= most) throw overloaded(most);
      inFlight += 1;
      onChange(inFlight);
      response.once('close', () => {
        if (!working.has(response)) release();
      });
    },
    async whileWorking(response, work) {
      working.add(response);
      try {
        return await work();
      } finally {
        working.delete(response);
        if (response.closed) release();
      }
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
