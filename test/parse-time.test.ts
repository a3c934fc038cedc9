import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { localZone } from '../lib/local-zone.ts';
import { parseTime } from '../lib/parse-time.ts';

const machineZone = process.env['TZ'];
after(() => {
  if (machineZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = machineZone;
});

/** The time that a text means at a given time in a zone, in RFC 3339; `undefined` when it is invalid. */
function read(text: string, { zone = 'Europe/Berlin', now = '2026-11-20T10:00:00Z' } = {}) {
  process.env['TZ'] = zone;
  const time = parseTime(text, Date.parse(now) / 1000, localZone);
  return time === undefined ? undefined : new Date(time * 1000).toISOString().replace('.000', '');
}

const inBerlin: Readonly<Record<string, string>> = {
  '2026-11-20': '2026-11-19T23:00:00Z',
  '2026-07-01': '2026-06-30T22:00:00Z',
  '2026-11-20 08:00': '2026-11-20T07:00:00Z',
  '2026-11-20T08:00': '2026-11-20T07:00:00Z',
  '2026-07-01 08:00:30': '2026-07-01T06:00:30Z',
  '2024-02-29': '2024-02-28T23:00:00Z',
  '08:00': '2026-11-20T07:00:00Z',
  '8:00': '2026-11-20T07:00:00Z',
  '23:59:59': '2026-11-20T22:59:59Z',
  today: '2026-11-19T23:00:00Z',
  yesterday: '2026-11-18T23:00:00Z',
  '0s': '2026-11-20T10:00:00Z',
  '30m': '2026-11-20T09:30:00Z',
  '1.5h': '2026-11-20T08:30:00Z',
  '7d': '2026-11-13T10:00:00Z',
  '1w': '2026-11-13T10:00:00Z',
  '2026-11-20T08:00:00Z': '2026-11-20T08:00:00Z',
  '2026-11-20T08:00:00+05:30': '2026-11-20T02:30:00Z',
  '1970-01-01T00:00:00Z': '1970-01-01T00:00:00Z',
};

for (const [text, time] of Object.entries(inBerlin)) {
  test(`on 2026-11-20 at 11:00 in Berlin ${JSON.stringify(text)} is ${time}`, () => {
    assert.equal(read(text), time);
  });
}

test('today is the day of the zone, not that of UTC', () => {
  const now = '2026-11-20T23:30:00Z';
  assert.equal(read('today', { now }), '2026-11-20T23:00:00Z');
  assert.equal(read('today', { now, zone: 'America/New_York' }), '2026-11-20T05:00:00Z');
  assert.equal(read('08:00', { now, zone: 'Asia/Kolkata' }), '2026-11-21T02:30:00Z');
});

test('a day on which the clock changes has 23 or 25 hours', () => {
  const spring = '2026-03-30T10:00:00Z';
  assert.equal(read('yesterday', { now: spring }), '2026-03-28T23:00:00Z');
  assert.equal(read('today', { now: spring }), '2026-03-29T22:00:00Z');
  const autumn = '2026-10-26T10:00:00Z';
  assert.equal(read('yesterday', { now: autumn }), '2026-10-24T22:00:00Z');
  assert.equal(read('today', { now: autumn }), '2026-10-25T23:00:00Z');
});

test('a time that a clock change skips is as much later, and one that occurs twice is the first', () => {
  assert.equal(read('2026-03-29 02:30'), '2026-03-29T01:30:00Z');
  assert.equal(read('2026-10-25 02:30'), '2026-10-25T00:30:00Z');
});

test('yesterday of the first day of a year is in the year before', () => {
  assert.equal(read('yesterday', { now: '2026-01-01T10:00:00Z', zone: 'UTC' }), '2025-12-31T00:00:00Z');
});

test('a text that is not a time is undefined', () => {
  const texts = ['', 'noon', '5', '-1h', '24:00', '08:60', '2026-02-29', '2026-13-01', '2026-11-00'];
  const others = ['2026-11-20 25:00', '2025-02-30T10:00:00Z', '0001-01-01', '20.11.2026', 'toString'];
  for (const text of [...texts, ...others]) assert.equal(read(text), undefined, text);
});
