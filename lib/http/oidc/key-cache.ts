import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { LedgerError, reasonOf } from '../../errors.ts';
import { isObject } from '../../narrow.ts';
import type { FetchKeys } from './fetch-keys.ts';

/** The keys of an issuer; the same object as long as it publishes the same. */
export interface Keys {
  readonly issuer: string;
  readonly find: JWTVerifyGetKey;
}

/** The keys, fetched when they are needed, and not more often than once in two seconds whoever asks for them. */
export interface KeyCache {
  /** The keys that are known, where they are fresh: the way of nearly all requests, without a promise. */
  readonly fresh: () => Keys | undefined;
  /** The keys that may be used. @throws LedgerError `keys-unavailable` */
  current(): Promise<Keys>;
  /**
   * Keys that were fetched after the given ones, since a token has a key that these lack. Callers share one fetch, for which
   * they wait. @throws LedgerError `keys-unavailable`
   */
  newerThan(keys: Keys): Promise<Keys>;
}

export interface KeyCacheOptions {
  /** A monotonic clock. */
  readonly nowMilliseconds: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Older keys are still in use, and could not be fetched again. */
  readonly onStale: (failure: unknown) => void;
}

const minute = 60_000;
/** How long keys are used before they are fetched again beside their use. */
const freshMilliseconds = 5 * minute;
/** How long they may be used at all. An API server allows an hour: `Cache-Control: max-age=3600`. */
const usableMilliseconds = 60 * minute;
/** Between the starts of two fetches. */
const intervalMilliseconds = 2000;

export function createKeyCache(fetchKeys: FetchKeys, options: KeyCacheOptions): KeyCache {
  const { nowMilliseconds, sleep, onStale } = options;
  let known: { readonly keys: Keys; readonly text: string; readonly fetchedAt: number } | undefined;
  let lastFetch = Number.NEGATIVE_INFINITY;
  let lastFailure: unknown;
  let fetching: Promise<Keys> | undefined;

  const age = () => (known === undefined ? Number.POSITIVE_INFINITY : nowMilliseconds() - known.fetchedAt);

  function fetchAgain(): Promise<Keys> {
    fetching ??= fetchOnce().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  async function fetchOnce(): Promise<Keys> {
    const early = lastFetch + intervalMilliseconds - nowMilliseconds();
    if (early > 0) {
      if (lastFailure !== undefined) throw lastFailure;
      await sleep(early);
    }
    lastFetch = nowMilliseconds();
    try {
      const published = await fetchKeys();
      const text = JSON.stringify(published);
      const keys = known?.text === text ? known.keys : readKeys(published.issuer, published.keySet);
      known = { keys, text, fetchedAt: lastFetch };
      lastFailure = undefined;
      return keys;
    } catch (failure) {
      lastFailure = failure;
      throw failure;
    }
  }

  return {
    fresh: () => (age() < freshMilliseconds ? known?.keys : undefined),
    async current() {
      if (known === undefined || age() >= usableMilliseconds) return await fetchAgain();
      if (age() >= freshMilliseconds) fetchAgain().catch(onStale);
      return known.keys;
    },
    async newerThan(keys) {
      return known !== undefined && known.keys !== keys ? known.keys : await fetchAgain();
    },
  };
}

interface KeySet {
  readonly keys: readonly unknown[];
}

function readKeys(issuer: string, keySet: unknown): Keys {
  try {
    if (!isObject<KeySet>(keySet) || !Array.isArray(keySet.keys))
      throw new Error('it is not a JSON Web Key Set');
    return { issuer, find: createLocalJWKSet({ keys: keySet.keys }) };
  } catch (cause) {
    const parts = {
      operation: 'reading',
      subject: `the keys of ${issuer}`,
      fact: reasonOf(cause),
      remedy: 'check OIDC_DISCOVERY_URL',
    };
    throw new LedgerError('keys-unavailable', parts, { cause });
  }
}
