import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unixSeconds } from '../lib/rfc3339.ts';

const times: readonly [text: string, seconds: number | undefined][] = [
  ['2025-11-20T10:00:02Z', 1_763_632_802],
  ['2025-11-20T10:00:02.999999999Z', 1_763_632_802],
  ['2025-11-20T12:30:02+02:30', 1_763_632_802],
  ['2025-11-20T04:00:02-06:00', 1_763_632_802],
  ['2025-11-20t10:00:02z', 1_763_632_802],
  ['2024-02-29T00:00:00Z', 1_709_164_800],
  ['', undefined],
  ['0001-01-01T00:00:00Z', undefined],
  ['1970-01-01T00:00:00Z', undefined],
];

for (const [text, seconds] of times) {
  test(`${JSON.stringify(text)} is ${seconds ?? 'unknown'}`, () => assert.equal(unixSeconds(text), seconds));
}

const noTimes = [
  'yesterday',
  '2025-11-20',
  '2025-11-20T10:00:02',
  '2025-11-20 10:00:02Z',
  '2025-13-20T10:00:02Z',
  '2025-02-29T10:00:02Z',
  '2025-11-20T24:00:00Z',
  '2025-11-20T10:60:00Z',
  '2025-11-20T10:00:60Z',
  '2025-11-20T10:00:02+24:00',
  '2025-11-20T10:00:02+02:60',
  '2025-11-20T10:00:02.Z',
  '+02025-11-20T10:00:02Z',
  ' 2025-11-20T10:00:02Z',
  '2025-11-20T10:00:02Z\n',
  '1763632802',
];

for (const text of noTimes) {
  test(`${JSON.stringify(text)} is not a valid time`, () => assert.equal(unixSeconds(text), Number.NaN));
}

test('every second from the year 2 to 9998 is read as it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_104_060_800, max: 253_370_764_799 }), (seconds) => {
      assert.equal(unixSeconds(new Date(seconds * 1000).toISOString()), seconds === 0 ? undefined : seconds);
    }),
  );
});
