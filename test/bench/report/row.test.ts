import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aimOf, type Bound, figureOf, isReached } from '../../../bench/report/row.ts';

const cases: readonly [bound: Bound | undefined, value: number, reached: boolean, aim: string][] = [
  [{ least: 3 }, 30, true, '≥ 3'],
  [{ least: 3 }, 29, false, '≥ 3'],
  [{ most: 1 }, 10, true, '≤ 1'],
  [{ most: 1 }, 11, false, '≤ 1'],
  [{ most: 15, of: 'value' }, 15, true, '≤ 15 MB'],
  [{ most: 15, of: 'value' }, 16, false, '≤ 15 MB'],
  [undefined, 1, true, ''],
];

test('a bound is for the ratio to the peer, or for the value where it says so', () => {
  for (const [bound, value, reached, aim] of cases) {
    const peer = { name: 'the peer', value: 10 };
    const row = { what: 'memory', unit: 'MB', value, peer, ...(bound !== undefined && { bound }) };
    assert.deepEqual([isReached(row), aimOf(row), figureOf(row)], [reached, aim, value / 10]);
  }
});

test('without a peer a bound is for the value', () => {
  const row = { what: 'memory', unit: 'MB', bound: { most: 90 } };
  assert.deepEqual([isReached({ ...row, value: 90 }), isReached({ ...row, value: 91 })], [true, false]);
  assert.equal(figureOf({ ...row, value: 91 }), 91);
});
