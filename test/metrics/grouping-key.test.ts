import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupingKey, takenLabels } from '../../lib/metrics/grouping-key.ts';
import { knownRestart } from '../fixtures/restart.ts';

test('the grouping key is the job, the constant labels and the identity of the restart', () => {
  const settings = { job: 'pod_monitor', groupingLabels: [['cluster', 'eu-1']] as const };
  assert.deepEqual(groupingKey(knownRestart, settings), [
    ['job', 'pod_monitor'],
    ['cluster', 'eu-1'],
    ['namespace', 'shop'],
    ['pod', 'checkout-7d4b9c6f5-x2x9k'],
    ['uid', '8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11'],
    ['container', 'checkout'],
    ['restart_id', '5_1763632802'],
  ]);
});

test('a later status of the same restart does not change the grouping key', () => {
  const settings = { job: 'pod_monitor', groupingLabels: [] };
  const earlier = { ...knownRestart, restartedAt: undefined };
  assert.deepEqual(groupingKey(earlier, settings), groupingKey(knownRestart, settings));
});

test("a constant label must not have the name of a restart's label", () => {
  assert.deepEqual([...takenLabels].sort(), [
    'container',
    'container_id',
    'container_type',
    'duration',
    'exit_code',
    'finished_at',
    'finished_time',
    'image',
    'job',
    'le',
    'namespace',
    'node',
    'owner_kind',
    'owner_name',
    'pod',
    'reason',
    'restart_count',
    'restart_id',
    'started_at',
    'uid',
    'workload',
    'workload_type',
  ]);
});
