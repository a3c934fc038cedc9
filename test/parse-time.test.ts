import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { localZone } from '../lib/local-zone.ts';
import { parseTime, parseTimeRange } from '../lib/parse-time.ts';

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

/** The range between two texts at a local time in Berlin, which is an hour ahead of UTC then. */
function range(since: string | undefined, until: string | undefined, now: string) {
  process.env['TZ'] = 'Europe/Berlin';
  const parsed = parseTimeRange({ since, until }, Date.parse(`2026-11-${now}:00+01:00`) / 1000, localZone);
  if (parsed.invalid !== undefined) return parsed.invalid;
  return [parsed.since, parsed.until].map((time) =>
    time === undefined ? '' : new Date((time + 3600) * 1000).toISOString().slice(8, 16),
  );
}

test('from one time of day to another is the latest such range that has begun', () => {
  assert.deepEqual(range('22:00', '06:00', '20T10:00'), ['19T22:00', '20T06:00']);
  assert.deepEqual(range('22:00', '06:00', '20T03:00'), ['19T22:00', '20T06:00']);
  assert.deepEqual(range('22:00', '06:00', '20T21:59'), ['19T22:00', '20T06:00']);
  assert.deepEqual(range('22:00', '06:00', '20T23:30'), ['20T22:00', '21T06:00']);
  assert.deepEqual(range('09:00', '17:00', '20T12:00'), ['20T09:00', '20T17:00']);
  assert.deepEqual(range('09:00', '17:00', '20T08:00'), ['19T09:00', '19T17:00']);
  assert.deepEqual(range('06:00', '06:00', '20T08:00'), ['20T06:00', '21T06:00']);
});

test('a time of day that starts a range is its latest one, and other times are as they are', () => {
  assert.deepEqual(range('08:00', undefined, '20T10:00'), ['20T08:00', '']);
  assert.deepEqual(range('08:00', undefined, '20T07:00'), ['19T08:00', '']);
  assert.deepEqual(range(undefined, '06:00', '20T10:00'), ['', '20T06:00']);
  assert.deepEqual(range('yesterday', '06:00', '20T10:00'), ['19T00:00', '20T06:00']);
  assert.deepEqual(range('22:00', '2h', '20T10:00'), ['19T22:00', '20T08:00']);
  assert.deepEqual(range(undefined, undefined, '20T10:00'), ['', '']);
  assert.equal(range('noon', '06:00', '20T10:00'), 'since');
  assert.equal(range('06:00', 'noon', '20T10:00'), 'until');
});

test('last night may be the one in which the clock is changed', () => {
  process.env['TZ'] = 'Europe/Berlin';
  const night = parseTimeRange(
    { since: '22:00', until: '06:00' },
    Date.parse('2026-10-25T10:00:00+01:00') / 1000,
    localZone,
  );
  assert.deepEqual(night, {
    since: Date.parse('2026-10-24T22:00:00+02:00') / 1000,
    until: Date.parse('2026-10-25T06:00:00+01:00') / 1000,
  });
});
