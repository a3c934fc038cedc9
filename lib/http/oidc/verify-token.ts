import { hash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { OidcSettings } from '../../config/oidc-settings.ts';
import { LedgerError } from '../../errors.ts';
import type { KeyCache, Keys } from './key-cache.ts';

/**
 * Verifies a token: signature, issuer, audience, times, then its subject.
 *
 * @returns `undefined` at once for a token that has been verified before and has not expired.
 * @throws LedgerError `unauthenticated` for a wrong token, `forbidden` for a subject that is not in the list,
 * `keys-unavailable` when that cannot be decided.
 */
export type VerifyToken = (token: string) => Promise<void> | undefined;

/** Public-key algorithms alone, so that no public key is taken for the secret of an HMAC, and none is `none`. */
const algorithms = ['RS256', 'ES256'];

/** Three parts in base64url and nothing else: a decoder may ignore further characters. */
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The clocks of two machines differ, and a token that is not valid yet would be refused for good. */
const clockTolerance = 30;

/** Verified tokens that are remembered; a sender uses one for an hour. */
const mostVerified = 1000;

export function createTokenVerifier(
  settings: Pick<OidcSettings, 'audience' | 'issuer' | 'subjects'>,
  keyCache: KeyCache,
  nowSeconds: () => number,
): VerifyToken {
  /** When a token expires, by its hash; all of them verified by the same keys. */
  const verified = new Map<string, number>();
  let verifiedBy: Keys | undefined;

  function isVerified(digest: string): boolean {
    const keys = keyCache.fresh();
    if (keys === undefined || keys !== verifiedBy) return false;
    const expires = verified.get(digest);
    if (expires === undefined) return false;
    if (nowSeconds() < expires + clockTolerance) return true;
    verified.delete(digest);
    return false;
  }

  function remember(digest: string, expires: number, keys: Keys): void {
    if (keys !== verifiedBy) verified.clear();
    verifiedBy = keys;
    const [oldest] = verified.keys();
    if (verified.size >= mostVerified && oldest !== undefined) verified.delete(oldest);
    verified.set(digest, expires);
  }

  async function claimsOf(token: string, keys: Keys): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, keys.find, {
      algorithms,
      audience: settings.audience,
      issuer: settings.issuer ?? keys.issuer,
      requiredClaims: ['exp', 'sub'],
      clockTolerance,
      currentDate: new Date(nowSeconds() * 1000),
    });
    return payload;
  }

  async function verify(token: string, digest: string): Promise<void> {
    let keys = await keyCache.current();
    let claims: JWTPayload;
    try {
      try {
        claims = await claimsOf(token, keys);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        keys = await keyCache.newerThan(keys);
        claims = await claimsOf(token, keys);
      }
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unverified(factOf(error), error);
      throw error;
    }
    // The library checks that it is there, not that it is text.
    const subject: unknown = claims.sub;
    if (typeof subject !== 'string') throw unverified(invalidClaim);
    if (!settings.subjects.some((allowed) => matches(subject, allowed))) throw forbidden(subject);
    remember(digest, claims.exp ?? 0, keys);
  }

  return (token) => {
    if (!compactForm.test(token)) throw unverified('its token is not a signed JSON Web Token');
    const digest = hash('sha256', token, 'base64');
    return isVerified(digest) ? undefined : verify(token, digest);
  };
}

function matches(subject: string, allowed: string): boolean {
  return allowed.endsWith('*') ? subject.startsWith(allowed.slice(0, -1)) : subject === allowed;
}

const parts = { operation: 'accepting', subject: 'the request' };

function unverified(fact: string, cause?: unknown): LedgerError {
  const remedy = 'send Authorization: Bearer with a token for the audience of OIDC_AUDIENCE';
  return new LedgerError('unauthenticated', { ...parts, fact, remedy }, { cause });
}

const invalidClaim = 'its token has a missing or an invalid claim';

const claimFacts: Readonly<Record<string, string>> = {
  aud: 'its token is for another audience',
  iss: 'its token is from another issuer',
  nbf: 'its token is not valid yet',
};

/** Fixed texts: nothing of a token that nobody vouches for goes into an answer or a log. */
function factOf(error: InstanceType<typeof errors.JOSEError>): string {
  if (error instanceof errors.JWTExpired) return 'its token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimFacts[error.claim] ?? invalidClaim;
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `its token is not signed by ${algorithms.join(' or ')}`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature of its token is wrong';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'its token is signed by an unknown key';
  return 'its token is not a signed JSON Web Token';
}

function forbidden(subject: string): LedgerError {
  const fact = `the subject of its token is ${subject.slice(0, 256)}`;
  return new LedgerError('forbidden', { ...parts, fact, remedy: 'send it as one of OIDC_SUBJECTS' });
}
