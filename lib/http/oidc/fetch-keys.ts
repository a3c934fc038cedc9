import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { openTokenFile } from '../../access/token-file.ts';
import type { OidcSettings } from '../../config/oidc-settings.ts';
import { LedgerError, reasonOf } from '../../errors.ts';
import { isObject } from '../../narrow.ts';

/** What an issuer publishes, untrusted but for its origin. */
export interface PublishedKeys {
  readonly issuer: string;
  /** A JSON Web Key Set: https://www.rfc-editor.org/rfc/rfc7517#section-5 */
  readonly keySet: unknown;
}

/** @throws LedgerError `keys-unavailable` */
export type FetchKeys = () => Promise<PublishedKeys>;

interface Discovery {
  readonly issuer: string;
  readonly jwks_uri: string;
}

/** Of one answer, in milliseconds, and in bytes: a key set has a few kilobytes. */
const timeout = 5000;
const largestAnswer = 1_048_576;

/** An API server gives its key set as `application/jwk-set+json` alone, and answers 406 to who does not accept that. */
const accept = 'application/jwk-set+json, application/json';

/** Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery */
const apiServerPath = '/openid/v1/jwks';

/**
 * Fetches the discovery document and the key set that it names. Token and certificate authorities are read from their files
 * for each fetch, since both rotate. Redirects are not followed.
 *
 * The `jwks_uri` of an API server often has an address that Pods cannot reach, or a name that its certificate lacks. So
 * where its path is that of an API server, the key set is fetched from the host of the discovery URL; where it is another
 * host's, without the token, and by the public certificate authorities.
 */
export function createKeyFetcher(settings: OidcSettings): FetchKeys {
  const { discoveryUrl, authoritiesFile } = settings;
  const token = settings.tokenFile && openTokenFile(settings.tokenFile, 'OIDC_TOKEN_FILE');
  const documentUrl = `${discoveryUrl.origin}${discoveryUrl.pathname.replace(/\/+$/, '')}/.well-known/openid-configuration`;

  async function get(url: string): Promise<unknown> {
    const isOwn = new URL(url).origin === discoveryUrl.origin;
    let agent: Agent | undefined;
    try {
      const ca = isOwn && authoritiesFile !== undefined ? readFileSync(authoritiesFile) : undefined;
      agent = new Agent({
        connect: { ...(ca && { ca }), timeout },
        maxResponseSize: largestAnswer,
      });
      const answer = await request(url, {
        dispatcher: agent,
        headers: {
          accept,
          ...(token &&
            isOwn &&
            url.startsWith('https:') && { authorization: `Bearer ${token.read('keys-unavailable')}` }),
        },
        signal: AbortSignal.timeout(timeout),
      });
      if (answer.statusCode === 200) return await answer.body.json();
      await answer.body.dump();
      throw new Error(`it answered ${answer.statusCode}`);
    } catch (error) {
      throw error instanceof LedgerError ? error : unavailable(url, reasonOf(error), error);
    } finally {
      await agent?.destroy();
    }
  }

  return async () => {
    const document = await get(documentUrl);
    if (!isObject<Discovery>(document) || typeof document.issuer !== 'string' || document.issuer === '')
      throw unavailable(documentUrl, 'it names no issuer');
    return {
      issuer: document.issuer,
      keySet: await get(keySetUrl(document.jwks_uri, discoveryUrl, documentUrl)),
    };
  };
}

function keySetUrl(given: unknown, discoveryUrl: URL, documentUrl: string): string {
  const url = typeof given === 'string' ? URL.parse(given) : null;
  if (url === null) throw unavailable(documentUrl, 'its jwks_uri is not a URL');
  if (url.pathname === apiServerPath) return `${discoveryUrl.origin}${apiServerPath}`;
  if (url.protocol === 'https:' || url.origin === discoveryUrl.origin) return url.href;
  throw unavailable(documentUrl, 'its jwks_uri is not an https URL');
}

function unavailable(subject: string, fact: string, cause?: unknown): LedgerError {
  const remedy =
    'check OIDC_DISCOVERY_URL, OIDC_TOKEN_FILE and OIDC_CA_FILE, and that network policies allow the request';
  return new LedgerError('keys-unavailable', { operation: 'fetching', subject, fact, remedy }, { cause });
}
