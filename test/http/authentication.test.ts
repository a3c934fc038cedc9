import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticate } from '../../lib/http/authentication.ts';

const token = 'correct-horse';
const remedy = 'send Authorization: Bearer with the token of AUTH_TOKEN';

for (const authorization of ['Bearer correct-horse', 'bearer correct-horse', 'Bearer   correct-horse']) {
  test(`accepted: ${authorization}`, () => {
    authenticate(authorization, token);
  });
}

for (const authorization of [undefined, '', 'correct-horse', 'Basic correct-horse', 'Bearercorrect-horse']) {
  test(`unauthenticated: ${authorization}`, () => {
    assert.throws(() => authenticate(authorization, token), {
      kind: 'unauthenticated',
      message: `accepting the request: it has no bearer token; ${remedy}`,
    });
  });
}

for (const authorization of [
  'Bearer',
  'Bearer ',
  'Bearer correct-hors',
  'Bearer correct-horses',
  'Bearer CORRECT-HORSE',
  'Bearer correct-horse x',
  'Bearer correct-horse, Bearer x',
  'Bearer x correct-horse',
]) {
  test(`forbidden: ${authorization}`, () => {
    assert.throws(() => authenticate(authorization, token), {
      kind: 'forbidden',
      message: `accepting the request: its bearer token is wrong; ${remedy}`,
    });
  });
}
