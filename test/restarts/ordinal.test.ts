import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartOrdinal } from '../../lib/restarts/ordinal.ts';
import type { ContainerState, ContainerStatus } from '../../lib/restarts/pod.ts';

const waiting: ContainerState = { name: 'waiting' };
const running: ContainerState = { name: 'running', startedAt: 1_763_632_900 };
const terminated = {
  name: 'terminated',
  termination: {
    exitCode: 1,
    signal: 0,
    reason: '',
    startedAt: undefined,
    finishedAt: 1_763_632_950,
    containerId: 'containerd://b',
  },
} satisfies ContainerState;

const statusUnknown: ContainerState = {
  name: 'terminated',
  termination: {
    ...terminated.termination,
    reason: 'ContainerStatusUnknown',
    finishedAt: undefined,
    containerId: '',
  },
};

const cases: readonly [
  sentence: string,
  state: ContainerState,
  current: string,
  ended: string,
  ordinal: number,
][] = [
  ['a back-off shows a restart that is not counted yet', waiting, 'containerd://a', 'containerd://a', 5],
  [
    'a waiting container with an ID of its own has been counted',
    waiting,
    'containerd://b',
    'containerd://a',
    4,
  ],
  ['two unknown IDs are not equal', waiting, '', '', 4],
  ['an unknown current ID is not equal', waiting, '', 'containerd://a', 4],
  ['an unknown ended ID is not equal', waiting, 'containerd://a', '', 4],
  ['a running container has been counted', running, 'containerd://b', 'containerd://a', 4],
  ['equal IDs of a running container are no back-off', running, 'containerd://a', 'containerd://a', 4],
  ['a container that ended once more has been counted', terminated, 'containerd://b', 'containerd://a', 4],
  [
    'a termination with ContainerStatusUnknown has been counted, and the restart before it has one less',
    statusUnknown,
    'containerd://b',
    'containerd://a',
    3,
  ],
  ['equal IDs of an ended container are no back-off', terminated, 'containerd://a', 'containerd://a', 4],
];

for (const [sentence, state, containerId, ended, ordinal] of cases) {
  test(sentence, () => assert.equal(restartOrdinal(status(state, containerId, ended)), ordinal));
}

function status(state: ContainerState, containerId: string, ended: string): ContainerStatus {
  return {
    name: 'app',
    kind: 'container',
    image: '',
    restartPolicy: undefined,
    restartCount: 4,
    containerId,
    state,
    lastTermination: {
      exitCode: 1,
      signal: 0,
      reason: '',
      startedAt: undefined,
      finishedAt: undefined,
      containerId: ended,
    },
  };
}
