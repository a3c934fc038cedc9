import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distinctRestarts } from '../../lib/restarts/history.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

const inBackOff = { ...knownRestart, restartedAt: undefined };

test('a restart that many statuses showed is deduplicated, with the most that any of them knew', () => {
  assert.deepEqual(distinctRestarts([inBackOff, lostRestart, knownRestart, inBackOff]), [
    knownRestart,
    lostRestart,
  ]);
});

test('restarts of two Pods with the same name are distinct', () => {
  const recreated = { ...knownRestart, uid: 'cc0ce2b5-0000-4000-a000-000000000000' };
  assert.deepEqual(distinctRestarts([knownRestart, recreated]), [knownRestart, recreated]);
});
