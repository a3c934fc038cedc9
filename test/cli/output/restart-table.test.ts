import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyRow, historyTable } from '../../../lib/cli/output/restart-table.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';

test('the history is a table with the oldest restart first, and unknown is a dash', () => {
  const later = {
    ...knownRestart,
    container: 'migrate',
    containerKind: 'init' as const,
    finishedAt: 1_763_640_000,
  };
  assert.equal(
    historyTable([later, knownRestart, lostRestart].map(historyRow)),
    `\
NAMESPACE  WORKLOAD             POD                       POD UID   CONTAINER  KIND       RESTART  EXIT  REASON                  ENDED                 AFTER
shop       -                    checkout-7d4b9c6f5-x2x9k  8717cf78  checkout   container  #1       137   ContainerStatusUnknown  -                     -
shop       deployment/checkout  checkout-7d4b9c6f5-x2x9k  8717cf78  checkout   container  #5       137   OOMKilled               2025-11-20T10:00:02Z  2m0s
shop       deployment/checkout  checkout-7d4b9c6f5-x2x9k  8717cf78  migrate    init       #5       137   OOMKilled               2025-11-20T12:00:00Z  2h1m58s`,
  );
});
