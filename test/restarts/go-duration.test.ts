import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { goDuration } from '../../lib/restarts/go-duration.ts';

test('seconds read as Go prints a duration', () => {
  const printed = [0, 45, 60, 120, 3600, 3723, 93_600, -5, -3723].map(goDuration);
  assert.deepEqual(printed, ['0s', '45s', '1m0s', '2m0s', '1h0m0s', '1h2m3s', '26h0m0s', '-5s', '-1h2m3s']);
});

test('distinct durations are printed distinctly', () => {
  fc.assert(
    fc.property(fc.integer(), (seconds) => {
      const match = /^(-?)(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(goDuration(seconds));
      assert.ok(match);
      const [, sign, hours = '0', minutes = '0', rest] = match;
      const length = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
      assert.equal(sign === '-' ? -length : length, seconds);
    }),
  );
});
