import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  ContainerKind,
  ContainerRestartPolicy,
  ContainerState,
  ContainerStatus,
  Pod,
  RestartRule,
  Termination,
} from '../../lib/restarts/pod.ts';
import { willRestart } from '../../lib/restarts/will-restart.ts';

const end: Termination = {
  exitCode: 1,
  signal: 0,
  reason: 'Error',
  startedAt: 1_763_632_682,
  finishedAt: 1_763_632_802,
  containerId: 'containerd://0ff6433322c4',
};

function ended(exitCode: number, changes: Partial<Termination> = {}): ContainerState {
  return { name: 'terminated', termination: { ...end, exitCode, ...changes } };
}

function container(state: ContainerState, changes: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name: 'app',
    kind: 'container',
    image: '',
    restartPolicy: { policy: '', rules: [] },
    restartCount: 0,
    containerId: end.containerId,
    state,
    lastTermination: undefined,
    ...changes,
  };
}

function pod(containers: readonly ContainerStatus[], changes: Partial<Pod> = {}): Pod {
  return {
    namespace: 'shop',
    name: 'web-0',
    uid: '8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11',
    node: '',
    owner: undefined,
    templateHash: '',
    isBeingDeleted: false,
    phase: 'Running',
    readyReason: 'ContainersNotReady',
    restartPolicy: 'Always',
    containers,
    ...changes,
  };
}

function policy(own: string, ...rules: readonly RestartRule[]): ContainerRestartPolicy {
  return { policy: own, rules };
}

const on42: RestartRule = { action: 'Restart', operator: 'In', exitCodes: [7, 42] };
const notOn42: RestartRule = { action: 'Restart', operator: 'NotIn', exitCodes: [7, 42] };
const allOn42: RestartRule = { action: 'RestartAllContainers', operator: 'In', exitCodes: [42] };

const byPod: readonly [sentence: string, exitCode: number, changes: Partial<Pod>, restarts: boolean][] = [
  ['Always, after a failure', 1, {}, true],
  ['Always, after a success', 0, {}, true],
  ['OnFailure, after a failure', 1, { restartPolicy: 'OnFailure' }, true],
  ['OnFailure, after an exit code below 0', -1, { restartPolicy: 'OnFailure' }, true],
  ['OnFailure, after a success', 0, { restartPolicy: 'OnFailure' }, false],
  ['Never, after a failure', 1, { restartPolicy: 'Never' }, false],
  ['a policy that is missing', 1, { restartPolicy: '' }, false],
  ['an unknown policy', 1, { restartPolicy: 'Sometimes' }, false],
  ['a Pod that is being deleted', 1, { isBeingDeleted: true }, false],
  ['a Pod that is not initialized yet', 1, { phase: 'Pending' }, true],
  ['a Pod that has succeeded', 1, { phase: 'Succeeded' }, false],
  ['a Pod that has failed, or was evicted', 1, { phase: 'Failed' }, false],
  ['a Pod without a phase', 1, { phase: '' }, false],
  ['an evicted Pod before its phase is final', 1, { readyReason: 'PodFailed' }, false],
  ['a completed Pod before its phase is final', 0, { readyReason: 'PodCompleted' }, false],
];

for (const [sentence, exitCode, changes, restarts] of byPod) {
  test(`${sentence}: ${restarts ? 'started again' : 'not known to be started again'}`, () => {
    const status = container(ended(exitCode));
    assert.equal(willRestart(pod([status], changes), status), restarts);
  });
}

const byContainer: readonly [
  sentence: string,
  exitCode: number,
  restartPolicy: ContainerRestartPolicy | undefined,
  restarts: boolean,
][] = [
  ['its own policy Always', 0, policy('Always'), true],
  ['its own policy OnFailure, after a failure', 1, policy('OnFailure'), true],
  ['its own policy OnFailure, after a success', 0, policy('OnFailure'), false],
  ['its own policy Never', 1, policy('Never'), false],
  ['its own unknown policy', 1, policy('Sometimes'), false],
  ['a rule for its exit code', 42, policy('Never', on42), true],
  ['a rule for other exit codes', 1, policy('Never', on42), false],
  ['a rule for all exit codes but its own', 42, policy('Never', notOn42), false],
  ['a rule for all exit codes but others', 1, policy('Never', notOn42), true],
  ['the second rule', 1, policy('Never', on42, notOn42), true],
  [
    'a rule of an unknown action, before its policy',
    42,
    policy('Always', { ...on42, action: 'Wait' }),
    false,
  ],
  ['a rule of an unknown action that does not match', 1, policy('Always', { ...on42, action: 'Wait' }), true],
  ['a rule of an unknown operator', 42, policy('Always', { ...on42, operator: 'Gt' }), false],
  ['a rule that restarts all containers', 42, policy('Never', allOn42), false],
  ['a rule that may restart all containers after another exit', 1, policy('Always', allOn42), false],
  ['a spec that does not have it', 1, undefined, false],
];

for (const [sentence, exitCode, restartPolicy, restarts] of byContainer) {
  test(`a container with ${sentence}: ${restarts ? 'started again' : 'not known to be started again'}`, () => {
    const status = container(ended(exitCode), { restartPolicy });
    const restartPolicyOfPod = restarts ? 'Never' : 'Always';
    assert.equal(willRestart(pod([status], { restartPolicy: restartPolicyOfPod }), status), restarts);
  });
}

test("rules without a policy of the container's own do not count", () => {
  const status = container(ended(42), { restartPolicy: policy('', on42) });
  assert.equal(willRestart(pod([status], { restartPolicy: 'Never' }), status), false);
});

test('a rule of one container that may restart all keeps the others waiting for lastState, too', () => {
  const other = container({ name: 'waiting' }, { name: 'other', restartPolicy: policy('Never', allOn42) });
  const status = container(ended(1));
  assert.equal(willRestart(pod([status, other]), status), false);
});

test('a termination without an ID and a time stands for a lost container, and is counted already', () => {
  for (const changes of [{ containerId: '' }, { finishedAt: undefined }]) {
    const status = container(ended(137, changes));
    assert.equal(willRestart(pod([status]), status), false);
  }
});

test('a container that waits or runs is not about to be started again', () => {
  for (const state of [{ name: 'waiting' }, { name: 'running', startedAt: undefined }] as const) {
    const status = container(state);
    assert.equal(willRestart(pod([status]), status), false);
  }
});

const inits: readonly [sentence: string, exitCode: number, policy: string, own: string, restarts: boolean][] =
  [
    ['that failed', 1, 'Always', '', true],
    ['that failed, OnFailure', 1, 'OnFailure', '', true],
    ['that failed, Never', 1, 'Never', '', false],
    ['that failed, with its own OnFailure', 1, 'Never', 'OnFailure', true],
    ['that failed, with its own Never', 1, 'Always', 'Never', false],
    ['that succeeded', 0, 'Always', '', false],
  ];

for (const [sentence, exitCode, restartPolicy, own, restarts] of inits) {
  test(`an init container ${sentence}: ${restarts ? 'started again' : 'not started again'}`, () => {
    const status = container(ended(exitCode), { kind: 'init', restartPolicy: policy(own) });
    assert.equal(willRestart(pod([status], { phase: 'Pending', restartPolicy }), status), restarts);
  });
}

test('an ephemeral container is never started again', () => {
  const status = container(ended(1), { kind: 'ephemeral', restartPolicy: undefined });
  assert.equal(willRestart(pod([status]), status), false);
});

const sidecars: readonly [
  sentence: string,
  changes: Partial<Pod>,
  others: readonly (readonly [ContainerKind, ContainerState])[],
  restarts: boolean,
][] = [
  ['beside a running container', {}, [['container', { name: 'running', startedAt: 1 }]], true],
  ['before its containers have started', {}, [['container', { name: 'waiting' }]], true],
  ['beside one that will be started again', {}, [['container', ended(1)]], true],
  ['beside one that is done', { restartPolicy: 'OnFailure' }, [['container', ended(0)]], false],
  [
    'beside one that is done and one that runs',
    { restartPolicy: 'Never' },
    [
      ['container', ended(0)],
      ['container', { name: 'running', startedAt: 1 }],
    ],
    true,
  ],
  [
    'beside another sidecar alone',
    { restartPolicy: 'Never' },
    [
      ['container', ended(1)],
      ['sidecar', { name: 'running', startedAt: 1 }],
      ['ephemeral', { name: 'running', startedAt: 1 }],
    ],
    false,
  ],
  [
    'after an init container that is started again',
    { restartPolicy: 'OnFailure' },
    [
      ['init', ended(1)],
      ['container', { name: 'waiting' }],
    ],
    true,
  ],
  [
    'after an init container that succeeded',
    { restartPolicy: 'Never' },
    [
      ['init', ended(0)],
      ['container', { name: 'waiting' }],
    ],
    true,
  ],
  [
    'after an init container that failed for good',
    { restartPolicy: 'Never' },
    [
      ['init', ended(1)],
      ['container', { name: 'waiting' }],
    ],
    false,
  ],
  ['of a Pod that is being deleted', { isBeingDeleted: true }, [['container', { name: 'waiting' }]], false],
];

for (const [sentence, changes, others, restarts] of sidecars) {
  test(`a sidecar ${sentence}: ${restarts ? 'started again' : 'not started again'}`, () => {
    const sidecar = container(ended(0), { kind: 'sidecar', restartPolicy: policy('Always') });
    const rest = others.map(([kind, state], index) => container(state, { name: `other-${index}`, kind }));
    assert.equal(willRestart(pod([sidecar, ...rest], changes), sidecar), restarts);
  });
}
