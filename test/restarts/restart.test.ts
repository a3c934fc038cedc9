import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerStatus, Pod, Termination } from '../../lib/restarts/pod.ts';
import {
  downSeconds,
  type Restart,
  restartId,
  restartsOf,
  restartTime,
  runSeconds,
} from '../../lib/restarts/restart.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

const termination: Termination = {
  exitCode: 137,
  signal: 0,
  reason: 'OOMKilled',
  startedAt: 1_763_632_682,
  finishedAt: 1_763_632_802,
  containerId: 'containerd://0ff6433322c4',
};
const status: ContainerStatus = {
  name: 'checkout',
  kind: 'container',
  image: 'registry.example.com/shop/checkout:2.14.0',
  restartPolicy: { policy: '', rules: [] },
  restartCount: 5,
  containerId: 'containerd://29b949f1ef37',
  state: { name: 'running', startedAt: 1_763_632_812 },
  lastTermination: termination,
};
const pod: Pod = {
  namespace: 'shop',
  name: 'checkout-7d4b9c6f5-x2x9k',
  uid: '8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11',
  node: 'worker-2',
  owner: { kind: 'ReplicaSet', name: 'checkout-7d4b9c6f5' },
  templateHash: '7d4b9c6f5',
  isBeingDeleted: false,
  phase: 'Running',
  readyReason: 'ContainersNotReady',
  restartPolicy: 'Always',
  containers: [status],
};

test('a container that runs again shows its restart with all fields of the status', () => {
  assert.deepEqual(restartsOf(pod), [knownRestart]);
});

test('a back-off shows the same restart, only not yet when the container runs again', () => {
  const backOff: ContainerStatus = {
    ...status,
    restartCount: 4,
    containerId: termination.containerId,
    state: { name: 'waiting' },
  };
  assert.deepEqual(restartsOf({ ...pod, containers: [backOff] }), [
    { ...knownRestart, restartedAt: undefined },
  ]);
});

test('every container shows its own restart, and no other', () => {
  const init: ContainerStatus = {
    ...status,
    name: 'migrate',
    kind: 'init',
    image: 'migrate:1',
    restartCount: 1,
    state: { name: 'waiting' },
    lastTermination: { ...termination, exitCode: -1, reason: '', finishedAt: undefined, containerId: '' },
  };
  const quiet: ContainerStatus = { ...status, name: 'quiet', restartCount: 9, lastTermination: undefined };
  assert.deepEqual(restartsOf({ ...pod, owner: undefined, containers: [init, quiet, status] }), [
    {
      ...knownRestart,
      container: 'migrate',
      containerKind: 'init',
      image: 'migrate:1',
      ordinal: 1,
      exitCode: -1,
      reason: 'ExitCode:-1',
      finishedAt: undefined,
      restartedAt: undefined,
      containerId: '',
      ownerKind: '',
      ownerName: '',
      workload: '',
      workloadType: '',
    },
    { ...knownRestart, ownerKind: '', ownerName: '', workload: '', workloadType: '' },
  ]);
});

test('a termination with the ordinal 0 is no restart', () => {
  const lost = { ...termination, containerId: '', startedAt: undefined, finishedAt: undefined };
  const deleted: ContainerStatus = {
    ...status,
    restartCount: 0,
    state: { name: 'waiting' },
    lastTermination: lost,
  };
  assert.deepEqual(restartsOf({ ...pod, containers: [deleted] }), []);
});

/** The container that had restarted has ended once more. */
const endedAgain: ContainerStatus = {
  ...status,
  state: {
    name: 'terminated',
    termination: {
      ...termination,
      exitCode: 1,
      reason: 'Error',
      startedAt: 1_763_632_812,
      finishedAt: 1_763_632_819,
      containerId: status.containerId,
    },
  },
};
const sixth: Restart = {
  ...knownRestart,
  ordinal: 6,
  exitCode: 1,
  reason: 'Error',
  startedAt: 1_763_632_812,
  finishedAt: 1_763_632_819,
  restartedAt: undefined,
  containerId: status.containerId,
};

test('a status shows two restarts: the one before, and the one that the present end leads to', () => {
  assert.deepEqual(restartsOf({ ...pod, containers: [endedAgain] }), [
    { ...knownRestart, restartedAt: undefined },
    sixth,
  ]);
});

test('the first crash is a restart as soon as it is shown', () => {
  const firstCrash: ContainerStatus = { ...endedAgain, restartCount: 0, lastTermination: undefined };
  assert.deepEqual(restartsOf({ ...pod, containers: [firstCrash] }), [{ ...sixth, ordinal: 1 }]);
});

test('the present end of a container that is not started again is no restart', () => {
  assert.deepEqual(restartsOf({ ...pod, restartPolicy: 'Never', containers: [endedAgain] }), [
    { ...knownRestart, restartedAt: undefined },
  ]);
});

test('present end, back-off and next run of a container show one restart under one ID', () => {
  const { state } = endedAgain;
  const last = state.name === 'terminated' ? state.termination : undefined;
  const backOff: ContainerStatus = { ...endedAgain, state: { name: 'waiting' }, lastTermination: last };
  const running: ContainerStatus = {
    ...status,
    restartCount: 6,
    containerId: 'containerd://5f0c1d8e2b7a',
    lastTermination: last,
  };
  const ids = [endedAgain, backOff, running].map((each) =>
    restartsOf({ ...pod, containers: [each] }).map(restartId),
  );
  assert.deepEqual(ids, [['5_1763632802', '6_1763632819'], ['6_1763632819'], ['6_1763632819']]);
});

test('a restart is identified by its ordinal and the second in which the container ended', () => {
  assert.deepEqual([restartId(knownRestart), restartId(lostRestart)], ['5_1763632802', '1_0']);
});

test('the time of a restart is when the container ended, else when it ran again, else unknown', () => {
  assert.deepEqual(
    [
      restartTime(knownRestart),
      restartTime({ ...lostRestart, restartedAt: 1_763_632_812 }),
      restartTime(lostRestart),
    ],
    [1_763_632_802, 1_763_632_812, undefined],
  );
});

test('a duration is known only when both its start and its end are', () => {
  assert.deepEqual([runSeconds(knownRestart), downSeconds(knownRestart)], [120, 10]);
  assert.deepEqual(runSeconds({ ...knownRestart, startedAt: undefined }), undefined);
  assert.deepEqual(runSeconds({ ...knownRestart, finishedAt: undefined }), undefined);
  assert.deepEqual(downSeconds({ ...knownRestart, finishedAt: undefined }), undefined);
  assert.deepEqual(downSeconds({ ...knownRestart, restartedAt: undefined }), undefined);
});
