import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { LedgerError } from '../../../lib/errors.ts';
import { createKeyCache } from '../../../lib/http/oidc/key-cache.ts';

const seconds = 1000;
const minutes = 60 * seconds;

async function publicKey(kid: string): Promise<JWK> {
  const { publicKey } = await generateKeyPair('ES256');
  return { ...(await exportJWK(publicKey)), kid, alg: 'ES256' };
}

const [first, second] = [await publicKey('first'), await publicKey('second')];

function down(): Promise<never> {
  const parts = { operation: 'fetching', subject: 'keys', fact: 'it answered 500', remedy: 'wait' };
  return Promise.reject(new LedgerError('keys-unavailable', parts));
}

/** A cache on a clock that a sleep moves on, and an issuer that can be changed. */
function opened() {
  let now = 10 * minutes;
  let published: () => Promise<unknown> = () => Promise.resolve({ keys: [first] });
  const fetches: number[] = [];
  const stale: unknown[] = [];
  const start = now;
  const cache = createKeyCache(
    async () => {
      fetches.push(now - start);
      return { issuer: 'https://issuer', keySet: await published() };
    },
    {
      nowMilliseconds: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
      onStale: (failure) => stale.push(failure),
    },
  );
  return {
    cache,
    fetches,
    stale,
    publish: (keys: () => Promise<unknown>) => {
      published = keys;
    },
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const unavailable = { kind: 'keys-unavailable' };

test('keys are fetched once, however many ask for them at a time', async () => {
  const { cache, fetches, pass } = opened();
  assert.equal(cache.fresh(), undefined);
  const [keys, ...others] = await Promise.all(Array.from({ length: 100 }, () => cache.current()));
  for (const other of others) assert.equal(other, keys);
  assert.equal(keys?.issuer, 'https://issuer');
  pass(299 * seconds);
  assert.equal(cache.fresh(), keys);
  assert.equal(await cache.current(), keys);
  assert.deepEqual(fetches, [0]);
});

test('after five minutes keys are fetched again beside their use, and stay the same object when they are the same', async () => {
  const { cache, fetches, pass, publish } = opened();
  const keys = await cache.current();
  pass(5 * minutes);
  assert.equal(cache.fresh(), undefined);
  assert.equal(await cache.current(), keys);
  await new Promise(setImmediate);
  assert.equal(cache.fresh(), keys);
  publish(() => Promise.resolve({ keys: [first, second] }));
  pass(5 * minutes);
  assert.equal(await cache.current(), keys);
  await new Promise(setImmediate);
  assert.notEqual(cache.fresh(), keys);
  assert.deepEqual(fetches, [0, 5 * minutes, 10 * minutes]);
});

test('while keys cannot be fetched those that are known are used for an hour, then none', async () => {
  const { cache, stale, pass, publish } = opened();
  const keys = await cache.current();
  publish(down);
  pass(59 * minutes);
  assert.equal(await cache.current(), keys);
  await new Promise(setImmediate);
  assert.equal(stale.length, 1);
  pass(minutes);
  await assert.rejects(cache.current(), unavailable);
  publish(() => Promise.resolve({ keys: [first] }));
  pass(2 * seconds);
  assert.equal(await cache.current(), keys);
});

test('a failed fetch is not repeated for two seconds, and fails at once meanwhile', async () => {
  const { cache, fetches, pass, publish } = opened();
  publish(down);
  for (let attempt = 0; attempt < 5; attempt += 1) await assert.rejects(cache.current(), unavailable);
  pass(1999);
  await assert.rejects(cache.current(), unavailable);
  assert.deepEqual(fetches, [0]);
  pass(1);
  await assert.rejects(cache.current(), unavailable);
  assert.deepEqual(fetches, [0, 2000]);
});

test('a failure is forgotten once keys have been fetched', async () => {
  const { cache, fetches, pass, publish } = opened();
  publish(down);
  await assert.rejects(cache.current(), unavailable);
  publish(() => Promise.resolve({ keys: [first] }));
  pass(2 * seconds);
  const keys = await cache.current();
  assert.equal(await cache.newerThan(keys), keys);
  assert.deepEqual(fetches, [0, 2000, 4000]);
});

test('a flood of unknown keys costs one fetch in two seconds', async () => {
  const { cache, fetches } = opened();
  const keys = await cache.current();
  for (let wave = 0; wave < 3; wave += 1) {
    const newer = await Promise.all(Array.from({ length: 1000 }, () => cache.newerThan(keys)));
    assert.ok(newer.every((same) => same === keys));
  }
  assert.deepEqual(fetches, [0, 2000, 4000, 6000]);
});

test('a key that has been published since is found, by whoever has the older keys', async () => {
  const { cache, fetches, publish } = opened();
  const keys = await cache.current();
  publish(() => Promise.resolve({ keys: [first, second] }));
  const newer = await cache.newerThan(keys);
  await newer.find({ alg: 'ES256', kid: 'second' }, { payload: '', signature: '' });
  assert.equal(await cache.newerThan(keys), newer);
  assert.deepEqual(fetches, [0, 2000]);
});

for (const [what, keySet] of Object.entries({
  'no object': 'keys',
  'an object without keys': {},
  'a list of other things': { keys: [1, null] },
}))
  test(`${what} is no key set`, async () => {
    const { cache, publish } = opened();
    publish(() => Promise.resolve(keySet));
    await assert.rejects(cache.current(), {
      kind: 'keys-unavailable',
      message: /^reading the keys of https:\/\/issuer: .*; check OIDC_DISCOVERY_URL$/,
    });
  });
