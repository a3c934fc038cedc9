import type { ErrorKind, LedgerError } from '../errors.ts';
import { failureFields, type Log } from './log.ts';

/**
 * Writes one line when another service becomes unavailable and one when it is available again, however many
 * requests fail in between; those are logged at debug. Each kind of failure is an outage of its own.
 */
export interface OutageLog {
  unavailable(log: Log, failure: LedgerError): void;
  /** Something succeeded that needs the service whose failures are of this kind. */
  available(log: Log, kind: ErrorKind): void;
}

interface Outage {
  readonly since: number;
  failures: number;
}

/** @param nowMilliseconds A monotonic clock. */
export function createOutageLog(nowMilliseconds: () => number): OutageLog {
  const outages = new Map<ErrorKind, Outage>();
  return {
    unavailable(log, failure) {
      const outage = outages.get(failure.kind) ?? { since: nowMilliseconds(), failures: 0 };
      outages.set(failure.kind, outage);
      outage.failures += 1;
      if (outage.failures === 1)
        log.warn(failureFields(failure), 'unavailable: answering 503 until it is available again');
      else log.debug(failureFields(failure), 'still unavailable');
    },
    available(log, kind) {
      const outage = outages.get(kind);
      if (outage === undefined) return;
      outages.delete(kind);
      const seconds = Math.round((nowMilliseconds() - outage.since) / 1000);
      log.info({ kind, seconds, failures: outage.failures }, 'available again');
    },
  };
}
