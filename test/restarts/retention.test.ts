import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dated, disposable, isKept } from '../../lib/restarts/retention.ts';

const now = 1_000_000;

function record(ordinal: number, time: number | undefined, pushedAt?: number): Dated {
  return { ordinal, time, pushedAt };
}

test('a restart is kept for the retention, to the second, and one without a time always', () => {
  const kept = [now - 101, now - 100, now - 99, now + 5, undefined].map((time) =>
    isKept(time, { seconds: 100 }, now),
  );
  assert.deepEqual(kept, [false, true, true, true, true]);
});

test('without a limit everything is kept', () => {
  assert.equal(isKept(0, { seconds: Number.POSITIVE_INFINITY }, now), true);
});

test('records past retention are deleted, by the time of their restart, else of their push', () => {
  const records = [
    record(1, now - 101, now),
    record(2, undefined, now - 101),
    record(3, undefined, now - 100),
    record(4, undefined, undefined),
    record(5, now - 100, now - 500),
  ];
  assert.deepEqual(disposable([records], { seconds: 100, maxPerContainer: 9, maxRecords: 9 }, now), {
    expired: [records[0], records[1]],
    surplus: [],
  });
});

test('beyond the maximum number the oldest records are deleted, by time and then by ordinal', () => {
  const records = [record(7, now - 5), record(1, now - 1), record(6, now - 5), record(8, now - 4)];
  const retention = { seconds: 100, maxPerContainer: 2, maxRecords: 9 };
  assert.deepEqual(disposable([records], retention, now), { expired: [], surplus: [records[2], records[0]] });
});

test('records past retention do not count towards the maximum number', () => {
  const records = [record(1, now - 200), record(2, now - 50), record(3, now - 40)];
  const retention = { seconds: 100, maxPerContainer: 2, maxRecords: 9 };
  assert.deepEqual(disposable([records], retention, now), { expired: [records[0]], surplus: [] });
});

test('beyond the maximum number of all records the oldest are deleted, of whichever container', () => {
  const [first, second] = [
    [record(1, now - 50), record(2, now - 10)],
    [record(1, now - 40), record(2, now - 20)],
  ];
  const retention = { seconds: 100, maxPerContainer: 9, maxRecords: 2 };
  assert.deepEqual(disposable([first, second], retention, now), {
    expired: [],
    surplus: [first[0], second[0]],
  });
});

test('a time more than an hour ahead counts as unknown: the record expires by its push, and displaces none', () => {
  const year9999 = Date.parse('9999-12-31T23:59:59Z') / 1000;
  const records = [
    record(1, year9999, now - 200),
    record(2, year9999, now - 90),
    record(3, now + 3600),
    record(4, now - 10),
  ];
  const retention = { seconds: 100, maxPerContainer: 2, maxRecords: 9 };
  const { expired, surplus } = disposable([records], retention, now);
  assert.deepEqual(
    [expired, surplus].map((some) => some.map(({ ordinal }) => ordinal)),
    [[1], [2]],
  );
});
