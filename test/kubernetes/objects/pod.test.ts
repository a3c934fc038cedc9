import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../../lib/errors.ts';
import { readKubernetesObject } from '../../../lib/kubernetes/objects/kubernetes-object.ts';

const terminated = {
  exitCode: 137,
  signal: 9,
  reason: 'OOMKilled',
  message: 'never read',
  startedAt: '2025-11-20T09:58:02Z',
  finishedAt: '2025-11-20T10:00:02.5Z',
  containerID: 'containerd://a',
};
const entry = {
  name: 'app',
  image: 'app:1',
  restartCount: 5,
  containerID: 'containerd://b',
  state: { running: { startedAt: '2025-11-20T10:00:12Z' } },
  lastState: { terminated },
};
const metadata = { namespace: 'shop', name: 'web-0.x', uid: '3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98' };

function pod(changes: object): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata, status: { containerStatuses: [entry] }, ...changes };
}

const nothingKnown = {
  name: 'app',
  kind: 'container',
  image: '',
  restartPolicy: undefined,
  restartCount: 0,
  containerId: '',
  state: { name: 'waiting' },
  lastTermination: undefined,
};

test('a Pod is read with containers of every kind, in the order of the status', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      deletionTimestamp: '2025-11-20T10:00:30Z',
      labels: { app: 'web', 'pod-template-hash': '7d4b9c6f5' },
      ownerReferences: [
        { kind: 'Node', name: 'not-the-controller' },
        { kind: 'StatefulSet', name: 'web', controller: true },
      ],
    },
    spec: {
      nodeName: 'worker-1',
      restartPolicy: 'OnFailure',
      initContainers: [{ name: 'migrate' }, { name: 'proxy', restartPolicy: 'Always' }],
      containers: [
        {
          name: 'app',
          restartPolicy: 'Never',
          restartPolicyRules: [
            { action: 'Restart', exitCodes: { operator: 'In', values: [42, -1] } },
            { action: 'Restart' },
          ],
          env: 'not read',
        },
      ],
      ephemeralContainers: 'not read',
    },
    status: {
      initContainerStatuses: [
        { name: 'migrate', restartCount: 0, state: { terminated: { exitCode: 0 } } },
        { name: 'proxy', restartCount: 0 },
      ],
      containerStatuses: [entry],
      ephemeralContainerStatuses: [{ name: 'debug', restartCount: 0 }],
      phase: 'Running',
      conditions: [{ type: 'PodScheduled' }, { type: 'Ready', reason: 'ContainersNotReady' }],
      podIP: ['not', 'read'],
    },
  };
  assert.deepEqual(readKubernetesObject(object), {
    namespace: 'shop',
    name: 'web-0.x',
    uid: '3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98',
    node: 'worker-1',
    owner: { kind: 'StatefulSet', name: 'web' },
    templateHash: '7d4b9c6f5',
    isBeingDeleted: true,
    phase: 'Running',
    readyReason: 'ContainersNotReady',
    restartPolicy: 'OnFailure',
    containers: [
      {
        ...nothingKnown,
        name: 'migrate',
        kind: 'init',
        restartPolicy: { policy: '', rules: [] },
        state: {
          name: 'terminated',
          termination: {
            exitCode: 0,
            signal: 0,
            reason: '',
            startedAt: undefined,
            finishedAt: undefined,
            containerId: '',
          },
        },
      },
      { ...nothingKnown, name: 'proxy', kind: 'sidecar', restartPolicy: { policy: 'Always', rules: [] } },
      {
        name: 'app',
        kind: 'container',
        image: 'app:1',
        restartPolicy: {
          policy: 'Never',
          rules: [
            { action: 'Restart', operator: 'In', exitCodes: [42, -1] },
            { action: 'Restart', operator: '', exitCodes: [] },
          ],
        },
        restartCount: 5,
        containerId: 'containerd://b',
        state: { name: 'running', startedAt: 1_763_632_812 },
        lastTermination: {
          exitCode: 137,
          signal: 9,
          reason: 'OOMKilled',
          startedAt: 1_763_632_682,
          finishedAt: 1_763_632_802,
          containerId: 'containerd://a',
        },
      },
      { ...nothingKnown, name: 'debug', kind: 'ephemeral' },
    ],
  });
});

test('absent, null and empty all mean unknown', () => {
  const sparse = {
    name: 'app',
    restartCount: 0,
    image: null,
    containerID: null,
    state: null,
    lastState: { terminated: { exitCode: -1, signal: null, reason: null, startedAt: null, finishedAt: '' } },
  };
  const read = readKubernetesObject(
    pod({
      metadata: { ...metadata, labels: null, deletionTimestamp: null },
      spec: null,
      status: { initContainerStatuses: null, containerStatuses: [sparse], conditions: null, phase: null },
    }),
  );
  const unknown = { templateHash: '', isBeingDeleted: false, phase: '', readyReason: '', restartPolicy: '' };
  assert.deepEqual({ ...read, ...unknown }, read);
  assert.deepEqual(read?.containers, [
    {
      ...nothingKnown,
      lastTermination: {
        exitCode: -1,
        signal: 0,
        reason: '',
        startedAt: undefined,
        finishedAt: undefined,
        containerId: '',
      },
    },
  ]);
});

test('a Pod without a status has no containers', () => {
  assert.deepEqual(readKubernetesObject({ apiVersion: 'v1', kind: 'Pod', metadata })?.containers, []);
});

test('another kind, and a Pod of another API group, are not read as Pods', () => {
  assert.equal(readKubernetesObject({ apiVersion: 'v1', kind: 'Event', metadata: 'not read' }), undefined);
  assert.equal(readKubernetesObject({ apiVersion: 'example.com/v1', kind: 'Pod' }), undefined);
});

function withEntry(changes: object): object {
  return pod({ status: { containerStatuses: [entry, { ...entry, ...changes }] } });
}

function withTermination(changes: object): object {
  return withEntry({ lastState: { terminated: { ...terminated, ...changes } } });
}

function withRule(changes: object): object {
  return pod({ spec: { containers: [{ name: 'app', restartPolicyRules: [changes] }] } });
}

const rule = 'spec.containers[0].restartPolicyRules[0]';
const at = 'status.containerStatuses[1]';
const last = `${at}.lastState.terminated`;
const dnsLabel = 'a DNS label (at most 63 of a-z, 0-9 and -)';
const count = 'a count (a whole number from 0 to 2147483647)';
const time = 'an RFC 3339 time such as 2026-11-20T10:00:00Z';

const broken: readonly [object: unknown, message: string][] = [
  [pod({ metadata: undefined }), `metadata.namespace: a missing value is not ${dnsLabel}`],
  [pod({ metadata: [] }), 'metadata: a list is not an object'],
  [pod({ metadata: { ...metadata, namespace: 'a/b' } }), `metadata.namespace: "a/b" is not ${dnsLabel}`],
  [
    pod({ metadata: { ...metadata, namespace: 'n'.repeat(64) } }),
    `metadata.namespace: "${'n'.repeat(64)}" is not ${dnsLabel}`,
  ],
  [
    pod({ metadata: { ...metadata, name: 'Web_0' } }),
    'metadata.name: "Web_0" is not a DNS name (at most 253 of a-z, 0-9, - and .)',
  ],
  [
    pod({ metadata: { ...metadata, name: `${'a'.repeat(300)}` } }),
    `metadata.name: "${'a'.repeat(78)}… is not a DNS name (at most 253 of a-z, 0-9, - and .)`,
  ],
  [
    pod({ metadata: { ...metadata, uid: '../x' } }),
    'metadata.uid: "../x" is not a UID (at most 64 letters, digits and -)',
  ],
  [
    pod({ metadata: { ...metadata, uid: {} } }),
    'metadata.uid: an object is not a UID (at most 64 letters, digits and -)',
  ],
  [pod({ metadata: { ...metadata, deletionTimestamp: 7 } }), 'metadata.deletionTimestamp: 7 is not text'],
  [pod({ metadata: { ...metadata, labels: 'x' } }), 'metadata.labels: "x" is not an object'],
  [
    pod({ metadata: { ...metadata, labels: { 'pod-template-hash': 7 } } }),
    'metadata.labels.pod-template-hash: 7 is not text',
  ],
  [pod({ metadata: { ...metadata, ownerReferences: 'x' } }), 'metadata.ownerReferences: "x" is not a list'],
  [pod({ spec: { nodeName: 7 } }), 'spec.nodeName: 7 is not text'],
  [pod({ spec: { restartPolicy: {} } }), 'spec.restartPolicy: an object is not text'],
  [pod({ spec: { containers: {} } }), 'spec.containers: an object is not a list'],
  [withRule({ action: 1 }), `${rule}.action: 1 is not text`],
  [withRule({ exitCodes: [] }), `${rule}.exitCodes: a list is not an object`],
  [withRule({ exitCodes: { operator: 1 } }), `${rule}.exitCodes.operator: 1 is not text`],
  [withRule({ exitCodes: { values: 1 } }), `${rule}.exitCodes.values: 1 is not a list`],
  [withRule({ exitCodes: { values: [1, '2'] } }), `${rule}.exitCodes.values[1]: "2" is not an int32`],
  [withRule({ exitCodes: { values: [2 ** 31] } }), `${rule}.exitCodes.values[0]: 2147483648 is not an int32`],
  [pod({ status: 'Running' }), 'status: "Running" is not an object'],
  [pod({ status: { phase: ['Running'] } }), 'status.phase: a list is not text'],
  [pod({ status: { conditions: 'Ready' } }), 'status.conditions: "Ready" is not a list'],
  [
    pod({ status: { conditions: [{ type: 'Ready', reason: 7 }] } }),
    'status.conditions[].reason: 7 is not text',
  ],
  [pod({ status: { containerStatuses: {} } }), 'status.containerStatuses: an object is not a list'],
  [pod({ status: { containerStatuses: [7] } }), 'status.containerStatuses[0]: 7 is not an object'],
  [withEntry({ name: 'a.b' }), `${at}.name: "a.b" is not ${dnsLabel}`],
  [withEntry({ restartCount: '5' }), `${at}.restartCount: "5" is not ${count}`],
  [withEntry({ restartCount: undefined }), `${at}.restartCount: a missing value is not ${count}`],
  [withEntry({ restartCount: 1.5 }), `${at}.restartCount: 1.5 is not ${count}`],
  [withEntry({ restartCount: -1 }), `${at}.restartCount: -1 is not ${count}`],
  [withEntry({ restartCount: 2 ** 31 }), `${at}.restartCount: 2147483648 is not ${count}`],
  [withEntry({ state: 'running' }), `${at}.state: "running" is not an object`],
  [
    withEntry({ state: { running: { startedAt: 'now' } } }),
    `${at}.state.running.startedAt: "now" is not ${time}`,
  ],
  [
    withEntry({ state: { terminated: { exitCode: '1' } } }),
    `${at}.state.terminated.exitCode: "1" is not an int32`,
  ],
  [withEntry({ lastState: { terminated: true } }), `${last}: true is not an object`],
  [withTermination({ exitCode: null }), `${last}.exitCode: a missing value is not an int32`],
  [withTermination({ exitCode: 2 ** 31 }), `${last}.exitCode: 2147483648 is not an int32`],
  [withTermination({ exitCode: -(2 ** 31) - 1 }), `${last}.exitCode: -2147483649 is not an int32`],
  [withTermination({ signal: 'KILL' }), `${last}.signal: "KILL" is not an int32`],
  [withTermination({ reason: {} }), `${last}.reason: an object is not text`],
  [withTermination({ finishedAt: 1_763_632_802 }), `${last}.finishedAt: 1763632802 is not text`],
  [withTermination({ finishedAt: '20.11.2025' }), `${last}.finishedAt: "20.11.2025" is not ${time}`],
  [withTermination({ containerID: [] }), `${last}.containerID: a list is not text`],
];

for (const [object, fact] of broken) {
  test(`a broken Pod is refused: ${fact}`, () => {
    assert.throws(() => readKubernetesObject(object), {
      name: 'LedgerError',
      kind: 'invalid-input',
      message: `reading ${fact}; send the object as the Kubernetes API server writes it`,
    });
  });
}

for (const object of [undefined, null, 'Pod', 7, [], {}, { kind: 7 }, { kind: '' }]) {
  test(`${JSON.stringify(object) ?? 'nothing'} is not a Kubernetes object`, () => {
    assert.throws(
      () => readKubernetesObject(object),
      new LedgerError('invalid-input', {
        operation: 'reading',
        subject: 'the object',
        fact: 'it is not a Kubernetes object: it has no kind',
        remedy: 'send the whole Pod as the Kubernetes API server writes it',
      }),
    );
  });
}
