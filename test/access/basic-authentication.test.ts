import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basicAuthentication } from '../../lib/access/basic-authentication.ts';

const headers: readonly [url: string, credentials: string | undefined][] = [
  ['http://gateway/', undefined],
  ['http://user:password@gateway/', 'user:password'],
  ['http://user@gateway/', 'user:'],
  ['http://:password@gateway/', ':password'],
  ['http://us%3Aer:p%40ss%C3%BC@gateway/', 'us:er:p@ssü'],
];

for (const [url, credentials] of headers) {
  test(`the credentials of ${url} are sent as basic authentication`, () => {
    const expected =
      credentials === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    assert.deepEqual(basicAuthentication(new URL(url)), expected);
  });
}
