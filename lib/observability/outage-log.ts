import type { LedgerError } from '../errors.ts';
import { failureFields, type Log } from './log.ts';

/**
 * Writes one line when an outage begins and one when it has ended, however many attempts fail in between; those are
 * logged at debug. Each key is an outage of its own.
 */
export interface OutageLog<Key> {
  failed(log: Log, key: Key, failure: LedgerError): void;
  succeeded(log: Log, key: Key): void;
}

interface Outage {
  readonly since: number;
  failures: number;
}

/**
 * @param nowMilliseconds A monotonic clock.
 * @param consequence What an outage leads to, for its first line.
 */
export function createOutageLog<Key>(nowMilliseconds: () => number, consequence: string): OutageLog<Key> {
  const outages = new Map<Key, Outage>();
  return {
    failed(log, key, failure) {
      const outage = outages.get(key) ?? { since: nowMilliseconds(), failures: 0 };
      outages.set(key, outage);
      outage.failures += 1;
      if (outage.failures === 1) log.warn(failureFields(failure), `unavailable: ${consequence}`);
      else log.debug(failureFields(failure), 'still unavailable');
    },
    succeeded(log, key) {
      const outage = outages.get(key);
      if (outage === undefined) return;
      outages.delete(key);
      const seconds = Math.round((nowMilliseconds() - outage.since) / 1000);
      log.info({ seconds, failures: outage.failures }, 'available again');
    },
  };
}
