import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, bareUrl } from '../lib/bare-url.ts';

const url = new URL('http://user:pass@gateway:9091/push/?token=x#y');

test('a bare URL has no credentials, query or fragment', () => {
  assert.equal(bareUrl(url), 'http://gateway:9091/push/');
});

test('an address has no slash at its end either', () => {
  assert.equal(addressOf(url), 'http://gateway:9091/push');
  assert.equal(addressOf(new URL('http://gateway:9091')), 'http://gateway:9091');
});
