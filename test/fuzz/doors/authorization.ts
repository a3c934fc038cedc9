import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { createLocalJWKSet } from 'jose';
import { createAuthentication } from '../../../lib/http/authentication.ts';
import type { Keys } from '../../../lib/http/oidc/key-cache.ts';
import { createTokenVerifier } from '../../../lib/http/oidc/verify-token.ts';
import { listAt, textAt, valueAt } from '../../helpers/value-at.ts';
import { type Door, refusal } from '../door.ts';
import { log } from './event.ts';

const now = 1_763_632_900;
const issuer = 'https://kubernetes.default.svc';
const oidc = {
  audience: 'restart-ledger',
  issuer: undefined,
  subjects: ['system:serviceaccount:shop:sender', 'system:serviceaccount:ops:*'],
  discoveryUrl: new URL(issuer),
  tokenFile: undefined,
  authoritiesFile: undefined,
};
const pairs: Readonly<Record<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>> = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const keys: Keys = {
  issuer,
  find: createLocalJWKSet({
    keys: Object.entries(pairs).map(([kid, { publicKey }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
    })),
  }),
};
const keyCache = {
  fresh: () => keys,
  current: () => Promise.resolve(keys),
  newerThan: () => Promise.resolve(keys),
};
const authenticate = createAuthentication({ authToken: undefined, oidc }, log, () =>
  Promise.resolve(createTokenVerifier(oidc, keyCache, () => now)),
);

const claims = {
  iss: issuer,
  aud: ['restart-ledger'],
  sub: 'system:serviceaccount:shop:sender',
  iat: now - 60,
  nbf: now - 60,
  exp: now + 3600,
  'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'sender', uid: 'x' } },
};
const payloads = [claims, { ...claims, aud: 'restart-ledger', sub: 'system:serviceaccount:ops:any' }];

const signing = { dsaEncoding: 'ieee-p1363' } as const;

/** A token of a header and claims as they are, signed with the key that the header names, else with one of them. */
function tokenOf(header: Buffer, payload: Buffer): string {
  const input = `${header.toString('base64url')}.${payload.toString('base64url')}`;
  const { privateKey } = pairs[textAt(parsed(header), 'kid')] ?? pairs['ES256'] ?? assert.fail();
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, ...signing }).toString('base64url')}`;
}

const headers = Object.keys(pairs).map((alg) => Buffer.from(JSON.stringify({ alg, kid: alg })));
const parts = headers.flatMap((header) =>
  payloads.map((payload) => [header, Buffer.from(JSON.stringify(payload))] as const),
);

/** Header and claims, a line each, are signed after they have been mutated. */
const signed = 'sign\n\n';

/** The value of `Authorization`: only what a valid token has signed is accepted, by another implementation's account. */
export const authorizationDoor: Door = {
  name: 'Authorization, JWT',
  share: 5,
  corpus: [
    ...parts.map(([header, payload]) => Buffer.from(`Bearer ${tokenOf(header, payload)}`)),
    ...parts.map(([header, payload]) => Buffer.from(`${signed}${header}\n${payload}`)),
    ...parts.map(([header, payload]) => Buffer.from(`${signed}${header}\n\xef\xbb\xbf${payload}`, 'latin1')),
  ],
  async take(input) {
    const text = input.toString('latin1');
    const authorization = text.startsWith(signed) ? `Bearer ${signedToken(text)}` : text;
    try {
      await authenticate?.(authorization);
    } catch (error) {
      return refusal(error, 'unauthenticated', 'forbidden');
    }
    assert.ok(isValid(authorization), authorization);
    return 'accepted';
  },
};

function signedToken(text: string): string {
  const [header = '', ...payload] = text.slice(signed.length).split('\n');
  return tokenOf(Buffer.from(header, 'latin1'), Buffer.from(payload.join('\n'), 'latin1'));
}

function isValid(authorization: string): boolean {
  const [, token = ''] = /^bearer +([\w.-]+)$/i.exec(authorization) ?? [];
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const { alg, kid } = Object(parsed(Buffer.from(header, 'base64url')));
  const claimed = parsed(Buffer.from(payload, 'base64url'));
  const audience = valueAt(claimed, 'aud');
  const candidates = Object.entries(pairs).filter(
    ([name]) => name === alg && (kid === undefined || kid === name),
  );
  return (
    more.length === 0 &&
    candidates.some(([, { publicKey }]) =>
      verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        { key: publicKey, ...signing },
        Buffer.from(signature, 'base64url'),
      ),
    ) &&
    textAt(claimed, 'iss') === issuer &&
    (audience === oidc.audience || listAt(claimed, 'aud').includes(oidc.audience)) &&
    Number(valueAt(claimed, 'exp')) > now - 31 &&
    Number(valueAt(claimed, 'nbf') ?? 0) < now + 31 &&
    /^system:serviceaccount:(?:shop:sender$|ops:)/.test(textAt(claimed, 'sub'))
  );
}

/** `undefined` for what is not JSON in UTF-8, which may begin with a byte order mark: https://www.rfc-editor.org/rfc/rfc8259#section-8.1 */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
