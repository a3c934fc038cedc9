import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type RestartTableOptions, restartTable } from '../../../lib/cli/output/restart-table.ts';
import type { LocalZone } from '../../../lib/local-zone.ts';
import type { Restart } from '../../../lib/restarts/restart.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';

const secondsAhead = 5.5 * 3600;
const india: LocalZone = {
  name: () => 'Asia/Kolkata',
  unixSeconds: ({ year, month, day, hour, minute, second }) =>
    Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - secondsAhead,
  localTime(unixSeconds) {
    const date = new Date((unixSeconds + secondsAhead) * 1000);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
    };
  },
};
/** 15:30:02 in India. */
const ended = 1_763_632_802;

/** A restart so many seconds after the known one; the container had run for 7 seconds. */
function later(seconds: number, more: Partial<Restart> = {}): Restart {
  const finishedAt = ended + seconds;
  const times = { startedAt: finishedAt - 7, finishedAt, restartedAt: finishedAt + 20 };
  return { ...knownRestart, ...times, ordinal: 1, reason: 'Error', exitCode: 1, ...more };
}

const migrate = later(60, { container: 'migrate', containerKind: 'init' });
const loop = [1, 2, 3].map((ordinal) => later(ordinal * 300, { ordinal, pod: 'checkout-0' }));
const restarts = [lostRestart, knownRestart, migrate, ...loop];
/** As one text. */
function tableOf(shown: readonly Restart[], how: RestartTableOptions): string {
  return [...restartTable(shown, how)].join('\n');
}

const options = { nowSeconds: ended + 26 * 3600, zone: india, width: undefined, coloured: false };

test('restarts are a table in local time with their crash loops folded, and a line that sums them up', () => {
  assert.equal(
    tableOf(restarts, options),
    `\
WHEN              WORKLOAD                       CONTAINER          WHY                           RAN
-                 shop/checkout-7d4b9c6f5-x2x9k  checkout #1        ContainerStatusUnknown (137)  -
Thu 15:30  (26h)  shop/checkout                  checkout #5        OOMKilled (137)               2m
Thu 15:31  (25h)  shop/checkout                  migrate (init) #1  Error (1)                     7s
Thu 15:35  (25h)  shop/checkout                  checkout ×3        Error (1)                     7s each
2 workloads, 6 restarts, 1 out of memory · times in IST`,
  );
});

test('every restart is by itself on demand, and a loop ends where a container ran well or ended otherwise', () => {
  const lines = tableOf(loop, { ...options, all: true }).split('\n');
  assert.deepEqual(
    lines.map((line) => line.slice(18, 47)),
    [
      'WORKLOAD       CONTAINER    W',
      'shop/checkout  checkout #1  E',
      'shop/checkout  checkout #2  E',
      'shop/checkout  checkout #3  E',
      'arts · times in IST',
    ],
  );
  const others = [later(0), later(901), later(1801, { exitCode: 2 }), later(1802, { exitCode: 2, uid: 'b' })];
  assert.deepEqual(
    tableOf(others, options)
      .split('\n')
      .map((line) => line.slice(33)),
    [
      'CONTAINER    WHY        RAN',
      ...others.map(({ exitCode }) => `checkout #1  Error (${exitCode})  7s`),
      ' IST',
    ],
  );
});

test('a table on a terminal is as wide as it: long names are cut, and what fits is added', () => {
  const long = later(0, {
    workload: 'a-workload-with-a-name-that-is-longer-than-a-terminal',
    container: 'c'.repeat(63),
  });
  const narrow = tableOf([long], { ...options, width: 80 });
  assert.equal(
    narrow,
    `\
WHEN              WORKLOAD                CONTAINER               WHY        RAN
Thu 15:30  (26h)  shop/a-workload-with-…  ccccccccccccccccccccc…  Error (1)  7s
1 workload, 1 restart · times in IST`,
  );
  assert.ok(
    narrow.split('\n').every((line) => line.length <= 80),
    narrow,
  );
  const wide = tableOf([later(0)], { ...options, width: 120 });
  assert.equal(
    wide.split('\n')[1],
    'Thu 15:30  (26h)  shop/checkout  checkout #1  Error (1)  7s   checkout-7d4b9c6f5-x2x9k  worker-2',
  );
  assert.ok(tableOf([later(0)], { ...options, width: 200 }).includes(knownRestart.image));
});

test('colours do not shift the columns', () => {
  const coloured = tableOf(restarts, { ...options, coloured: true });
  assert.ok(coloured.includes('\u001b[31mOOMKilled (137)\u001b[39m'), JSON.stringify(coloured));
  assert.equal(stripVTControlCharacters(coloured), tableOf(restarts, options));
});

test('wide, it has every column and whole times', () => {
  assert.equal(
    tableOf([lostRestart, ...loop], { ...options, wide: true }),
    `\
ENDED                LAST                 NAMESPACE  WORKLOAD             POD                       UID       CONTAINER    WHY                           RAN      DOWN      NODE      IMAGE
-                    -                    shop       -                    checkout-7d4b9c6f5-x2x9k  8717cf78  checkout #1  ContainerStatusUnknown (137)  -        -         -         -
2025-11-20 15:35:02  2025-11-20 15:45:02  shop       deployment/checkout  checkout-0                8717cf78  checkout ×3  Error (1)                     7s each  20s each  worker-2  registry.example.com/shop/checkout:2.14.0
2 workloads, 4 restarts · times in IST`,
  );
});

test('what a Pod brings is escaped, and wide characters keep the columns in line', () => {
  const hostile = later(0, { reason: '\u001b[2J\u202e', workload: '決済' });
  assert.equal(
    tableOf([hostile, later(2000)], options),
    `\
WHEN              WORKLOAD       CONTAINER    WHY                    RAN
Thu 15:30  (26h)  shop/決済      checkout #1  \\u{1b}[2J\\u{202e} (1)  7s
Thu 16:03  (25h)  shop/checkout  checkout #1  Error (1)              7s
2 workloads, 2 restarts · times in IST`,
  );
});

test('times of an earlier week have a date, those of an earlier year the year too', () => {
  const first = (nowSeconds: number | undefined) =>
    tableOf([later(0)], { ...options, nowSeconds })
      .split('\n')[1]
      ?.slice(0, 24);
  assert.equal(first(ended + 6 * 86_400 - 1), 'Thu 15:30  (5d)  shop/ch');
  assert.equal(first(ended + 6 * 86_400), '11-20 15:30  (6d)  shop/');
  assert.equal(first(ended + 60 * 86_400), '2025-11-20 15:30  (60d) ');
  assert.equal(first(undefined), '2025-11-20 15:30:02  sho');
  assert.equal(first(ended - 60), 'Thu 15:30  (now)  shop/c');
});
