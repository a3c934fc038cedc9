import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPod } from '../../lib/kubernetes/objects/pod.ts';
import { countedRestarts } from '../../lib/restarts/lost-container.ts';
import { restartsOf } from '../../lib/restarts/restart.ts';
import { containerStatus, type JsonObject, podObject } from '../fixtures/pods.ts';

/** An end that the kubelet makes up for a container that its runtime cannot find, as kubelet 1.34 writes it. */
const madeUp = {
  terminated: {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was deleted.  The container used to be Running',
    startedAt: null,
    finishedAt: null,
  },
};
const creating = { waiting: { reason: 'ContainerCreating' } };
const running = { running: { startedAt: '2025-11-20T10:00:12Z' } };
const backingOff = { waiting: { reason: 'CrashLoopBackOff' } };
const crashed = {
  terminated: {
    exitCode: 1,
    reason: 'Error',
    finishedAt: '2025-11-20T10:00:02Z',
    containerID: 'containerd://a',
  },
};

const evicted = { phase: 'Failed', reason: 'Evicted' };
const deleted = { deletionTimestamp: '2025-11-20T10:01:00Z' };

const cases: readonly [
  sentence: string,
  status: {
    phase: string;
    metadata?: JsonObject;
    state: object;
    lastState: object;
    restartCount: number;
    containerID?: string;
  },
  restartIds: readonly string[],
  counted: number,
][] = [
  [
    'a container that is lost when its Pod is evicted is no restart, whatever the kubelet counts',
    { ...evicted, state: creating, lastState: madeUp, restartCount: 1 },
    [],
    0,
  ],
  [
    'nor is it once its state is a ContainerStatusUnknown too',
    { ...evicted, state: madeUp, lastState: madeUp, restartCount: 1 },
    [],
    0,
  ],
  [
    'nor when its Pod is being deleted, where the kubelet does not count it',
    { phase: 'Running', metadata: deleted, state: creating, lastState: madeUp, restartCount: 2 },
    [],
    2,
  ],
  [
    'a container that was lost, and created again before its Pod was deleted, has restarted',
    {
      phase: 'Running',
      metadata: deleted,
      state: creating,
      lastState: madeUp,
      restartCount: 3,
      containerID: 'containerd://b',
    },
    ['3_0'],
    3,
  ],
  [
    'a container that was lost and is started again is a restart',
    { phase: 'Running', state: creating, lastState: madeUp, restartCount: 1 },
    ['1_0'],
    1,
  ],
  [
    'a container that was lost and runs again is a restart',
    { phase: 'Running', state: running, lastState: madeUp, restartCount: 1 },
    ['1_0'],
    1,
  ],
  [
    'an earlier restart stays one when its Pod is evicted',
    { ...evicted, state: crashed, lastState: madeUp, restartCount: 1 },
    ['1_0'],
    1,
  ],
  [
    'a crash stays a restart when its Pod is evicted during the back-off',
    { ...evicted, state: backingOff, lastState: crashed, restartCount: 3 },
    ['3_1763632802'],
    3,
  ],
];

for (const [
  sentence,
  { phase, metadata = {}, state, lastState, restartCount, containerID = '' },
  restartIds,
  counted,
] of cases) {
  test(sentence, () => {
    const status = containerStatus({ state, lastState, restartCount, containerID });
    const object = podObject({ metadata, status: { phase, containerStatuses: [status] } });
    const pod = readPod(object);
    const [container] = pod.containers;
    assert.ok(container);
    const shown = restartsOf(pod).map(({ ordinal, finishedAt }) => `${ordinal}_${finishedAt ?? 0}`);
    assert.deepEqual([shown, countedRestarts(pod, container)], [restartIds, counted]);
  });
}
