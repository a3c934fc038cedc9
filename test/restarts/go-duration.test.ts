import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { goDuration, goDurationSeconds } from '../../lib/restarts/go-duration.ts';

test('seconds read as Go prints a duration', () => {
  const printed = [0, 45, 60, 120, 3600, 3723, 93_600, -5, -3723].map(goDuration);
  assert.deepEqual(printed, ['0s', '45s', '1m0s', '2m0s', '1h0m0s', '1h2m3s', '26h0m0s', '-5s', '-1h2m3s']);
});

test('every duration is read as it was printed', () => {
  fc.assert(
    fc.property(fc.integer(), (seconds) => {
      assert.equal(goDurationSeconds(goDuration(seconds)), seconds);
    }),
  );
});

test('what is no duration in whole seconds is unknown', () => {
  const read = ['', '5', '1.5s', '1h', '1h 2s', 's', '-'].map(goDurationSeconds);
  assert.deepEqual(
    read,
    read.map(() => undefined),
  );
});
