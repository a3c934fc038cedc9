import { setTimeout as delay } from 'node:timers/promises';
import type { OidcSettings } from '../../config/oidc-settings.ts';
import { failureFields, type Log } from '../../observability/log.ts';
import { createKeyFetcher } from './fetch-keys.ts';
import { createKeyCache } from './key-cache.ts';
import { createTokenVerifier, type VerifyToken } from './verify-token.ts';

/** A verifier that fetches the keys at once, so that the first request need not wait for them. */
export function openTokenVerifier(settings: OidcSettings, log: Log): VerifyToken {
  const keyCache = createKeyCache(createKeyFetcher(settings), {
    nowMilliseconds: () => performance.now(),
    sleep: (milliseconds) => delay(milliseconds),
    onStale: (failure) =>
      log.warn(failureFields(failure), 'the keys that verify tokens could not be fetched again'),
  });
  keyCache
    .current()
    .catch((failure: unknown) => log.warn(failureFields(failure), 'no token can be verified yet'));
  return createTokenVerifier(settings, keyCache, () => Date.now() / 1000);
}
