import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workloadOf } from '../../lib/restarts/workload.ts';

const cases: readonly [sentence: string, ...Parameters<typeof workloadOf>, workload: string, type: string][] =
  [
    [
      'a Pod of a ReplicaSet that a rollout made belongs to the Deployment',
      { owner: { kind: 'ReplicaSet', name: 'checkout-api-7d4b9c6f5' }, templateHash: '7d4b9c6f5' },
      'checkout-api',
      'deployment',
    ],
    [
      'a Pod of a ReplicaSet with another hash belongs to the ReplicaSet',
      { owner: { kind: 'ReplicaSet', name: 'checkout-7d4b9c6f5' }, templateHash: '6c9f7b8d4' },
      'checkout-7d4b9c6f5',
      'replicaset',
    ],
    [
      'a Pod of a ReplicaSet without a hash belongs to the ReplicaSet',
      { owner: { kind: 'ReplicaSet', name: 'checkout-' }, templateHash: '' },
      'checkout-',
      'replicaset',
    ],
    [
      'a ReplicaSet whose whole name is the hash leaves no name of a Deployment',
      { owner: { kind: 'ReplicaSet', name: '-7d4b9c6f5' }, templateHash: '7d4b9c6f5' },
      '-7d4b9c6f5',
      'replicaset',
    ],
    [
      'the hash in the middle of a name is no end of it',
      { owner: { kind: 'ReplicaSet', name: 'a-7d4b9c6f5-b' }, templateHash: '7d4b9c6f5' },
      'a-7d4b9c6f5-b',
      'replicaset',
    ],
    [
      'any other controller is the workload, whatever its name ends in',
      { owner: { kind: 'StatefulSet', name: 'db-7d4b9c6f5' }, templateHash: '7d4b9c6f5' },
      'db-7d4b9c6f5',
      'statefulset',
    ],
    ['a Pod that stands alone has none', { owner: undefined, templateHash: '7d4b9c6f5' }, '', ''],
  ];

for (const [sentence, pod, workload, workloadType] of cases) {
  test(sentence, () => assert.deepEqual(workloadOf(pod), { workload, workloadType }));
}
