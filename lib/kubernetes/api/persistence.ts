import { LedgerError } from '../../errors.ts';
import { ApiServerUnavailable } from './api-failure.ts';

export interface PersistenceOptions {
  /** How often a piece of work is tried before its failure is final. */
  readonly attempts: number;
  /** Resolves after so many milliseconds, or rejects when the work is to end. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const firstPause = 500;
const longestPause = 30_000;

/**
 * Tries work again while the API server is away, with pauses that double, or for as long as the server asks to wait.
 *
 * @throws the last failure; at once what is no absence of the server.
 */
export async function persistently<T>(
  work: () => Promise<T>,
  { attempts, sleep }: PersistenceOptions,
): Promise<T> {
  for (let attempt = 1, pause = firstPause; ; attempt += 1, pause = Math.min(pause * 2, longestPause)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LedgerError) || error.kind !== 'cluster-unavailable') throw error;
      if (attempt === attempts) throw error;
      const asked = error instanceof ApiServerUnavailable ? error.retryAfterMilliseconds : undefined;
      await sleep(asked ?? pause);
    }
  }
}
