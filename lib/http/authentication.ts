import { timingSafeEqual } from 'node:crypto';
import type { OidcSettings } from '../config/oidc-settings.ts';
import { LedgerError } from '../errors.ts';
import type { Log } from '../observability/log.ts';
import type { VerifyToken } from './oidc/verify-token.ts';

/**
 * Decides by the `Authorization` field whether a request is accepted, before its body is read; without a promise where it
 * can.
 *
 * @throws LedgerError `unauthenticated`, `forbidden` or `keys-unavailable`.
 */
export type Authenticate = (authorization: string | undefined) => Promise<void> | undefined;

export interface AuthenticationSettings {
  readonly authToken: string | undefined;
  readonly oidc?: OidcSettings | undefined;
}

export type OpenVerifier = (oidc: OidcSettings, log: Log) => Promise<VerifyToken>;

/** `undefined` where everybody may send. Where both a static token and OIDC are configured, either is accepted. */
export function createAuthentication(
  { authToken, oidc }: AuthenticationSettings,
  log: Log,
  openVerifier: OpenVerifier = loadVerifier,
): Authenticate | undefined {
  if (oidc === undefined) {
    if (authToken === undefined) return undefined;
    return (authorization) => {
      authenticate(authorization, authToken);
      return undefined;
    };
  }
  let verifyToken: VerifyToken | undefined;
  const opening = openVerifier(oidc, log).then((opened) => {
    verifyToken = opened;
    return opened;
  });
  return (authorization) => {
    const token = bearerToken(authorization, oidcRemedy);
    if (authToken !== undefined && equal(token, authToken)) return undefined;
    return verifyToken === undefined ? opening.then((verify) => verify(token)) : verifyToken(token);
  };
}

/** The library that verifies tokens is loaded here for the first time. */
async function loadVerifier(oidc: OidcSettings, log: Log): Promise<VerifyToken> {
  const { openTokenVerifier } = await import('./oidc/open-token-verifier.ts');
  return openTokenVerifier(oidc, log);
}

const oidcRemedy = 'send Authorization: Bearer with a token for the audience of OIDC_AUDIENCE';

/**
 * Compares with a static token.
 *
 * @throws LedgerError `unauthenticated` without a bearer token, `forbidden` with another one.
 */
export function authenticate(authorization: string | undefined, authToken: string): void {
  const remedy = 'send Authorization: Bearer with the token of AUTH_TOKEN';
  if (equal(bearerToken(authorization, remedy), authToken)) return;
  const fact = 'its bearer token is wrong';
  throw new LedgerError('forbidden', { operation: 'accepting', subject: 'the request', fact, remedy });
}

/** Whatever follows the scheme is the token, further words too: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerToken(authorization: string | undefined, remedy: string): string {
  const [, scheme = '', token = ''] = /^(\S*) *(.*)$/s.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return token;
  const fact = 'it has no bearer token';
  throw new LedgerError('unauthenticated', { operation: 'accepting', subject: 'the request', fact, remedy });
}

function equal(token: string, authToken: string): boolean {
  const given = Buffer.from(token);
  const expected = Buffer.from(authToken);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
