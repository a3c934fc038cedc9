import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../lib/duration.ts';

test('a duration is a number and a unit, with a fraction where it has one', () => {
  const second = 1000;
  const day = 86_400 * second;
  assert.deepEqual(['0s', '500ms', '5s', '2m', '1.5h', '7d', '0.5d', '1w'].map(parseDuration), [
    0,
    500,
    5 * second,
    120 * second,
    5400 * second,
    7 * day,
    day / 2,
    7 * day,
  ]);
});

test('a text that is not a duration is undefined', () => {
  for (const text of [
    '',
    '5',
    's',
    '-5s',
    '5 s',
    '1h30m',
    '1.s',
    '5S',
    '5y',
    '1e3s',
    '1.2345s',
    '5toString',
  ]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});
