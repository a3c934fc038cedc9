import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeRetention } from '../../lib/prometheus/store-retention.ts';

const day = 86_400;

/** The metrics of a VictoriaMetrics with this flag, in the order in which it writes them. */
function metricsWith(value: string): string {
  return `flag{name="promscrape.config", value="", is_set="false"} 1\nflag{name="retentionPeriod", value="${value}", is_set="true"} 1\nflag{name="x", value="1d", is_set="true"} 1\n`;
}

for (const [flag, seconds] of Object.entries({
  '12h': 12 * 3600,
  '90d': 90 * day,
  '1.5w': 10.5 * day,
  '100y': 36_500 * day,
  '1': 31 * day,
})) {
  test(`-retentionPeriod=${flag} is ${seconds} s`, () => {
    assert.deepEqual(storeRetention(metricsWith(flag)), { flag, seconds });
  });
}

test('a retention that is not there, or in another unit, is unknown', () => {
  for (const metrics of [
    '',
    'unsupported path',
    metricsWith(''),
    metricsWith('5 apples'),
    metricsWith('-1d'),
  ]) {
    assert.equal(storeRetention(metrics), undefined);
  }
});
