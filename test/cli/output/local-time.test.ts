import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime } from '../../../lib/cli/output/local-time.ts';
import { localZone } from '../../../lib/local-zone.ts';

test('a time is shown in the local zone, by its clock in winter and in summer', () => {
  const times = ['2026-01-05T07:08:09Z', '2026-06-30T23:30:00Z'].map((time) => Date.parse(time) / 1000);
  process.env['TZ'] = 'Europe/Berlin';
  assert.deepEqual(
    times.map((time) => localTime(time, localZone)),
    ['2026-01-05 08:08:09', '2026-07-01 01:30:00'],
  );
  assert.equal(localZone.name(), 'Europe/Berlin');
  process.env['TZ'] = 'UTC';
  assert.equal(localTime(times[0], localZone), '2026-01-05 07:08:09');
});

test('an unknown time is shown as an empty text', () => {
  assert.equal(localTime(undefined, localZone), '');
});
