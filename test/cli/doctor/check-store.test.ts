import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkStore } from '../../../lib/cli/doctor/check-store.ts';

/** Of each flag what is said, without the first line. */
function findingsOf(flags: Readonly<Record<string, string>>, retentionSeconds: number) {
  const [, ...findings] = checkStore(new Map(Object.entries(flags)), retentionSeconds);
  return findings.map(({ state, fact, remedy }) => [state, fact, remedy]);
}

test('a retention without a limit is longer than any period', () => {
  const flags = {
    retentionPeriod: '100y',
    'dedup.minScrapeInterval': '30s',
    'search.maxLookback': '876000h0m0s',
  };
  assert.deepEqual(findingsOf(flags, Number.POSITIVE_INFINITY), [
    [
      'wrong',
      '-retentionPeriod=100y drops older records without an error, and RETENTION has no limit',
      'raise -retentionPeriod, or lower RETENTION',
    ],
    ['right', '-dedup.minScrapeInterval=30s keeps one sample of each record', ''],
    [
      'unknown',
      'instant queries find no restart that ended more than 36500d ago, and RETENTION has no limit',
      'start VictoriaMetrics with -search.maxLookback, or ask by last_over_time',
    ],
  ]);
});

test('a period that is not known is not judged', () => {
  assert.deepEqual(findingsOf({ loggerLevel: 'INFO' }, 604_800)[0], [
    'unknown',
    '-retentionPeriod is not known',
    'let it be longer than RETENTION: what is older is dropped without an error',
  ]);
});

test('a period of just RETENTION keeps what is recorded, one of a second less does not', () => {
  const retentionOf = (seconds: number) => findingsOf({ retentionPeriod: '7d' }, seconds)[0]?.[0];
  assert.deepEqual([retentionOf(604_800), retentionOf(604_801)], ['right', 'wrong']);
});
