import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeRetention } from '../../lib/prometheus/store-retention.ts';

const day = 86_400;

function flagsWith(value: string): ReadonlyMap<string, string> {
  return new Map([
    ['promscrape.config', ''],
    ['retentionPeriod', value],
    ['x', '1d'],
  ]);
}

for (const [flag, seconds] of Object.entries({
  '12h': 12 * 3600,
  '90d': 90 * day,
  '1.5w': 10.5 * day,
  '100y': 36_500 * day,
  '1': 31 * day,
})) {
  test(`-retentionPeriod=${flag} is ${seconds} s`, () => {
    assert.deepEqual(storeRetention(flagsWith(flag)), { flag, seconds });
  });
}

test('a retention that is not there, or in another unit, is unknown', () => {
  for (const flags of [new Map(), flagsWith(''), flagsWith('5 apples'), flagsWith('-1d')]) {
    assert.equal(storeRetention(flags), undefined);
  }
});
