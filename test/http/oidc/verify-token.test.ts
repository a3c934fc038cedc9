import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import {
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { OidcSettings } from '../../../lib/config/oidc-settings.ts';
import type { KeyCache, Keys } from '../../../lib/http/oidc/key-cache.ts';
import { createTokenVerifier } from '../../../lib/http/oidc/verify-token.ts';

const now = 1_763_632_900;
const rsa = await generateKeyPair('RS256', { extractable: true });
const ec = await generateKeyPair('ES256', { extractable: true });
const stranger = await generateKeyPair('RS256');
const published = [
  { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', use: 'sig' },
  { ...(await exportJWK(ec.publicKey)), kid: 'ec', use: 'sig' },
];

const claims: JWTPayload = {
  iss: 'https://kubernetes.default.svc',
  aud: ['restart-ledger'],
  sub: 'system:serviceaccount:shop:sender',
  iat: now - 60,
  nbf: now - 60,
  exp: now + 3600,
};

function signed(
  changes: Readonly<Record<string, unknown>> = {},
  header: JWTHeaderParameters = { alg: 'RS256', kid: 'rsa' },
  key = header.alg === 'ES256' ? ec.privateKey : rsa.privateKey,
): Promise<string> {
  const payload = JSON.parse(JSON.stringify({ ...claims, ...changes }));
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A cache that never has other keys, and counts how often keys are looked for. */
function keyCache() {
  let found = 0;
  const find = createLocalJWKSet({ keys: published });
  const set = (): Keys => ({
    issuer: 'https://kubernetes.default.svc',
    find: (header, token) => {
      found += 1;
      return find(header, token);
    },
  });
  let keys = set();
  const cache: KeyCache = {
    fresh: () => keys,
    current: () => Promise.resolve(keys),
    newerThan: () => Promise.resolve(keys),
  };
  return {
    cache,
    found: () => found,
    rotate: () => {
      keys = set();
    },
  };
}

const settings: Pick<OidcSettings, 'audience' | 'issuer' | 'subjects'> = {
  audience: 'restart-ledger',
  issuer: undefined,
  subjects: ['system:serviceaccount:shop:sender', 'system:serviceaccount:ops:*'],
};

async function verify(token: string, at = now, own = settings): Promise<void> {
  await createTokenVerifier(own, keyCache().cache, () => at)(token);
}

for (const [what, token] of Object.entries({
  'signed with RS256': await signed(),
  'signed with ES256': await signed({}, { alg: 'ES256', kid: 'ec' }),
  'for several audiences': await signed({ aud: ['other', 'restart-ledger'] }),
  'whose subject begins as one with a star does': await signed({ sub: 'system:serviceaccount:ops:any' }),
  'that expired as long ago as clocks may differ': await signed({ exp: now - 29 }),
  'that will be valid as soon as clocks may differ': await signed({ nbf: now + 29 }),
}))
  test(`accepted: a token ${what}`, async () => {
    await verify(token);
  });

const [head = '', body = '', signature = ''] = (await signed()).split('.');
const spki = await exportSPKI(rsa.publicKey);
const hmacInput = `${encoded({ alg: 'HS256', kid: 'rsa' })}.${body}`;
const hmac = (secret: string) => createHmac('sha256', secret).update(hmacInput).digest('base64url');
const [notSigned, noJwt] = [
  'its token is not signed by RS256 or ES256',
  'its token is not a signed JSON Web Token',
];

for (const [what, [token, fact]] of Object.entries<readonly [token: string, fact: string]>({
  'for another audience': [await signed({ aud: ['broker'] }), 'its token is for another audience'],
  'without an audience': [await signed({ aud: undefined }), 'its token is for another audience'],
  'of another issuer': [await signed({ iss: 'https://other' }), 'its token is from another issuer'],
  'that has expired': [await signed({ exp: now - 31 }), 'its token has expired'],
  'that never expires': [await signed({ exp: undefined }), 'its token has a missing or an invalid claim'],
  'that is not valid yet': [await signed({ nbf: now + 31 }), 'its token is not valid yet'],
  'whose subject is no text': [await signed({ sub: [] }), 'its token has a missing or an invalid claim'],
  'without a subject': [await signed({ sub: undefined }), 'its token has a missing or an invalid claim'],
  'with the algorithm none': [`${encoded({ alg: 'none' })}.${body}.`, noJwt],
  'with the algorithm none and a signature': [`${encoded({ alg: 'none' })}.${body}.${signature}`, notSigned],
  'signed by HMAC with the public key in PEM': [`${hmacInput}.${hmac(spki)}`, notSigned],
  'signed by HMAC with the modulus': [`${hmacInput}.${hmac(published[0]?.n ?? '')}`, notSigned],
  'signed with RS512 and the right key': [
    await signed({}, { alg: 'RS512', kid: 'rsa' }, (await generateKeyPair('RS512')).privateKey),
    notSigned,
  ],
  'of a stranger with a known key ID': [
    await signed({}, { alg: 'RS256', kid: 'rsa' }, stranger.privateKey),
    'the signature of its token is wrong',
  ],
  'of a stranger with an unknown key ID': [
    await signed({}, { alg: 'RS256', kid: 'x' }, stranger.privateKey),
    'its token is signed by an unknown key',
  ],
  'whose header names another kind of key': [
    `${encoded({ alg: 'ES256', kid: 'rsa' })}.${body}.${signature}`,
    'its token is signed by an unknown key',
  ],
  'whose claims were changed': [
    `${head}.${encoded({ ...claims, sub: 'system:serviceaccount:ops:root' })}.${signature}`,
    'the signature of its token is wrong',
  ],
  'with a critical extension': [
    `${encoded({ alg: 'RS256', kid: 'rsa', crit: ['x'], x: 1 })}.${body}.${signature}`,
    noJwt,
  ],
  'of two parts': [`${head}.${body}`, noJwt],
  'of four parts': [`${head}.${body}.${signature}.x`, noJwt],
  'with a word behind it': [`${head}.${body}.${signature} x`, noJwt],
  'that is empty': ['', noJwt],
  'that is none': ['hunter2', noJwt],
}))
  test(`unauthenticated: a token ${what}`, async () => {
    await assert.rejects(() => verify(token), {
      kind: 'unauthenticated',
      message: `accepting the request: ${fact}; send Authorization: Bearer with a token for the audience of OIDC_AUDIENCE`,
    });
  });

for (const subject of [
  'system:serviceaccount:shop:sender2',
  'system:serviceaccount:shop:sende',
  'system:serviceaccount:ops',
  'x',
])
  test(`forbidden: the subject ${subject}`, async () => {
    await assert.rejects(verify(await signed({ sub: subject })), {
      kind: 'forbidden',
      message: `accepting the request: the subject of its token is ${subject}; send it as one of OIDC_SUBJECTS`,
    });
  });

test('the issuer may be given', async () => {
  const own = { ...settings, issuer: 'https://old' };
  await verify(await signed({ iss: 'https://old' }), now, own);
  await assert.rejects(verify(await signed(), now, own), { kind: 'unauthenticated' });
});

test('a token is verified once, until it expires or the keys change', async () => {
  let at = now;
  const { cache, found, rotate } = keyCache();
  const verifyToken = createTokenVerifier(settings, cache, () => at);
  const token = await signed();
  await verifyToken(token);
  assert.equal(verifyToken(token), undefined);
  assert.equal(found(), 1);
  rotate();
  await verifyToken(token);
  assert.equal(verifyToken(token), undefined);
  assert.equal(found(), 2);
  rotate();
  // Another token is the first that is verified by the new keys.
  await verifyToken(await signed({ jti: 'another' }));
  await verifyToken(token);
  assert.equal(found(), 4);
  at = now + 3631;
  await assert.rejects(async () => await verifyToken(token), { kind: 'unauthenticated' });
});

test('what was refused is never remembered as accepted', async () => {
  const { cache } = keyCache();
  const verifyToken = createTokenVerifier(settings, cache, () => now);
  for (const token of [await signed({ sub: 'x' }), await signed({ aud: 'x' })])
    for (let attempt = 0; attempt < 3; attempt += 1)
      await assert.rejects(async () => await verifyToken(token));
});

test('of verified tokens only the last thousand are remembered', async () => {
  const { cache, found } = keyCache();
  const verifyToken = createTokenVerifier(settings, cache, () => now);
  const first = await signed({ jti: 'first' }, { alg: 'ES256', kid: 'ec' });
  await verifyToken(first);
  for (let index = 0; index < 999; index += 1)
    await verifyToken(await signed({ jti: String(index) }, { alg: 'ES256', kid: 'ec' }));
  assert.equal(verifyToken(first), undefined);
  await verifyToken(await signed({ jti: 'last' }, { alg: 'ES256', kid: 'ec' }));
  assert.equal(found(), 1001);
  await verifyToken(first);
  assert.equal(found(), 1002);
});
