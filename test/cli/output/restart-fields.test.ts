import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartFields } from '../../../lib/cli/output/restart-fields.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';

const identity = {
  namespace: 'shop',
  pod: 'checkout-7d4b9c6f5-x2x9k',
  uid: '8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11',
  container: 'checkout',
  containerKind: 'container',
  exitCode: 137,
};

test('a restart has everything that is known of it', () => {
  assert.deepEqual(restartFields(knownRestart), {
    ...identity,
    ordinal: 5,
    restartId: '5_1763632802',
    reason: 'OOMKilled',
    startedAt: '2025-11-20T09:58:02Z',
    finishedAt: '2025-11-20T10:00:02Z',
    restartedAt: '2025-11-20T10:00:12Z',
    ranSeconds: 120,
    downSeconds: 10,
    containerId: 'containerd://0ff6433322c4',
    node: 'worker-2',
    image: 'registry.example.com/shop/checkout:2.14.0',
    ownerKind: 'ReplicaSet',
    ownerName: 'checkout-7d4b9c6f5',
    workload: 'checkout',
    workloadType: 'deployment',
  });
});

test('an unknown time is null, so that it cannot be mistaken for a time', () => {
  assert.deepEqual(restartFields(lostRestart), {
    ...identity,
    ordinal: 1,
    restartId: '1_0',
    reason: 'ContainerStatusUnknown',
    startedAt: null,
    finishedAt: null,
    restartedAt: null,
    ranSeconds: null,
    downSeconds: null,
    containerId: '',
    node: '',
    image: '',
    ownerKind: '',
    ownerName: '',
    workload: '',
    workloadType: '',
  });
});
