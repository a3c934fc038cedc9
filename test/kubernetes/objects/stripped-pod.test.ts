import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPod } from '../../../lib/kubernetes/objects/pod.ts';
import { strippedPod } from '../../../lib/kubernetes/objects/stripped-pod.ts';
import { isObject } from '../../../lib/narrow.ts';
import { restartsOf } from '../../../lib/restarts/restart.ts';
import { anyHistory, reportedStatuses } from '../../helpers/kubelet-scenario.ts';

test('a stripped Pod is read like the whole one', () => {
  let pods = 0;
  fc.assert(
    fc.property(anyHistory, (history) => {
      for (const { pod } of reportedStatuses(history)) {
        if (!isObject(pod)) continue;
        pods += 1;
        assert.deepEqual(readPod({ ...strippedPod(pod) }), readPod(pod));
      }
    }),
  );
  assert.ok(pods > 100);
});

const realInput = join(import.meta.dirname, '../../../../shared/real-input');

for (const file of ['podlist-kubelet-1.31.json', 'podlist-kubelet-1.34.json']) {
  const path = join(realInput, file);
  const skip = existsSync(path) ? false : `${path} is not there`;
  if (skip) process.stderr.write(`SKIPPED, not tested on this machine: ${skip}\n`);
  test(`a real Pod of ${file} shows the same restarts when it is stripped`, { skip }, () => {
    const { items }: { items: object[] } = JSON.parse(readFileSync(path, 'utf8'));
    assert.ok(items.length > 5);
    for (const pod of items) assert.deepEqual(readPod({ ...strippedPod(pod) }), readPod(pod));
  });
}

test('the examples show the same restarts when they are stripped', () => {
  let restarts = 0;
  for (const file of globSync('examples/*.json')) {
    const events: { data: object }[] = JSON.parse(readFileSync(file, 'utf8'));
    for (const { data } of events) {
      const shown = restartsOf(readPod(data));
      restarts += shown.length;
      assert.deepEqual(restartsOf(readPod({ ...strippedPod(data) })), shown);
    }
  }
  assert.ok(restarts > 10);
});

test('a stripped Pod has the fields that its restarts are read from, and nothing else', () => {
  const restartPolicyRules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
  const terminated = {
    exitCode: 42,
    reason: 'Error',
    startedAt: '2025-11-20T09:58:02Z',
    finishedAt: '2025-11-20T10:00:02Z',
    containerID: 'containerd://0ff6433322c4',
  };
  const metadata = { namespace: 'shop', name: 'web-0', uid: '8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11' };
  const status = {
    name: 'app',
    image: 'app:1',
    restartCount: 0,
    containerID: 'containerd://0ff6433322c4',
    state: { terminated },
    lastState: {},
  };
  const kept = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      resourceVersion: '48254',
      creationTimestamp: '2025-11-20T09:00:00Z',
      deletionTimestamp: '2025-11-20T10:00:30Z',
      labels: { 'pod-template-hash': '7d4b9c6f5' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7d4b9c6f5', controller: true }],
    },
    spec: {
      nodeName: 'worker-1',
      restartPolicy: 'OnFailure',
      initContainers: [{ name: 'proxy', restartPolicy: 'Always' }],
      containers: [{ name: 'app', restartPolicy: 'Never', restartPolicyRules }],
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', reason: 'ContainersNotReady' }],
      initContainerStatuses: [{ name: 'proxy', restartCount: 0, state: { running: {} } }],
      containerStatuses: [status],
    },
  };
  const whole = {
    ...kept,
    metadata: {
      ...kept.metadata,
      labels: { ...kept.metadata.labels, app: 'web' },
      annotations: { note: 'long' },
      managedFields: [{ manager: 'kubelet' }],
    },
    spec: {
      ...kept.spec,
      volumes: [],
      containers: [{ ...kept.spec.containers[0], env: [{ name: 'TOKEN', value: 'hunter2' }], args: ['-v'] }],
    },
    status: {
      ...kept.status,
      podIP: '10.0.0.1',
      conditions: [
        { type: 'PodScheduled', status: 'True', reason: 'Scheduled' },
        { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'long' },
      ],
      containerStatuses: [
        { ...status, imageID: 'sha256:4bcff6', state: { terminated: { ...terminated, message: 'secret' } } },
      ],
    },
  };
  assert.deepEqual(strippedPod(whole), kept);
});

test('invalid fields are kept, so that the reader can report them', () => {
  const broken = {
    metadata: { name: 7, ownerReferences: 'none', labels: {} },
    spec: { initContainers: ['init'], containers: [{ env: [{ name: 'TOKEN', value: 'hunter2' }] }] },
    status: {
      conditions: [7, { type: 'Initialized' }],
      containerStatuses: [null, { name: 'app', lastState: { terminated: 'yes' }, state: 'up' }],
      podIP: '10.0.0.1',
    },
  };
  assert.deepEqual(strippedPod(broken), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 7, ownerReferences: 'none', labels: {} },
    spec: { initContainers: ['init'], containers: [{}] },
    status: {
      conditions: [7],
      containerStatuses: [null, { name: 'app', lastState: { terminated: 'yes' }, state: 'up' }],
    },
  });
});
