import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyRow, historyTable } from '../../../lib/cli/output/restart-table.ts';
import type { LocalZone } from '../../../lib/local-zone.ts';
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

test('the history is a table with the oldest restart first, in local time, and unknown is a dash', () => {
  const later = {
    ...knownRestart,
    container: 'migrate',
    containerKind: 'init' as const,
    finishedAt: 1_763_640_000,
  };
  assert.equal(
    historyTable([later, knownRestart, lostRestart].map(historyRow), india),
    `\
NAMESPACE  WORKLOAD             POD                       POD UID   CONTAINER  KIND       RESTART  EXIT  REASON                  ENDED (Asia/Kolkata)  AFTER
shop       -                    checkout-7d4b9c6f5-x2x9k  8717cf78  checkout   container  #1       137   ContainerStatusUnknown  -                     -
shop       deployment/checkout  checkout-7d4b9c6f5-x2x9k  8717cf78  checkout   container  #5       137   OOMKilled               2025-11-20 15:30:02   2m0s
shop       deployment/checkout  checkout-7d4b9c6f5-x2x9k  8717cf78  migrate    init       #5       137   OOMKilled               2025-11-20 17:30:00   2h1m58s`,
  );
});
