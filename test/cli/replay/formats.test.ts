import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import {
  apiList,
  auditEvent,
  kubectlJson,
  kubectlList,
  kubectlYaml,
  podWarning,
} from '../../fixtures/kubectl-output.ts';
import { podEvent } from '../../fixtures/pod-events.ts';
import { containerStatus, crashLoopingPod, type JsonObject, podObject } from '../../fixtures/pods.ts';
import { shownBy } from '../../helpers/replay.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-formats-');

const killed = podObject({ status: { containerStatuses: [containerStatus()] } });
const crashing = crashLoopingPod({ name: 'cart-0', uid: '3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98' });
const quiet = podObject({ metadata: { name: 'quiet-0', uid: '65c8810c-64c4-4e5e-8c0e-1b4c0d0c1c0b' } });
const service: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'checkout', namespace: 'shop', uid: 'b2f3edf1-18a6-4e6c-9c3a-3f5ad1ba1a11' },
  spec: { selector: { app: 'checkout' } },
};

const shared = {
  namespace: 'shop',
  container: 'checkout',
  containerKind: 'container',
  ordinal: 5,
  containerId: 'containerd://0ff6433322c4',
  node: 'worker-2',
  image: 'registry.example.com/shop/checkout:2.14.0',
  ownerKind: 'ReplicaSet',
  ownerName: 'checkout-7d4b9c6f5',
  workload: 'checkout',
  workloadType: 'deployment',
  restartId: '5_1763632802',
  startedAt: '2025-11-20T09:58:02Z',
  finishedAt: '2025-11-20T10:00:02Z',
  ranSeconds: 120,
};
const ofKilled = {
  ...shared,
  pod: 'checkout-7d4b9c6f5-x2x9k',
  uid: '8717cf78-7525-485f-a643-7586282e1af1',
  reason: 'OOMKilled',
  exitCode: 137,
  restartedAt: '2025-11-20T10:00:12Z',
  downSeconds: 10,
};
const ofCrashing = {
  ...shared,
  pod: 'cart-0',
  uid: '3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98',
  reason: 'Error',
  exitCode: 1,
  restartedAt: null,
  downSeconds: null,
};

function lines(...values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function watchEvent(type: string, object: JsonObject): JsonObject {
  return { type, object };
}

const bookmark = watchEvent('BOOKMARK', {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { resourceVersion: '9' },
});
const watched = [
  watchEvent('ADDED', killed),
  watchEvent('MODIFIED', quiet),
  bookmark,
  watchEvent('DELETED', crashing),
];

const patch = auditEvent({ requestObject: { status: { containerStatuses: [containerStatus()] } } });
const audited = [
  auditEvent({ responseObject: killed }),
  patch,
  auditEvent({ verb: 'update', level: 'Request', requestObject: crashing }),
  auditEvent({
    responseObject: { kind: 'Status', code: 409 },
    requestObject: killed,
    responseStatus: { code: 409 },
  }),
  auditEvent({ level: 'Metadata' }),
  auditEvent({ responseObject: quiet }),
];
const ofAudited =
  '6 records read: 2 with a restart (2 restarts), 1 without a restart, 3 of another kind, 0 refused';
const ofThree =
  '3 records read: 2 with a restart (2 restarts), 1 without a restart, 0 of another kind, 0 refused';
const ofFour =
  '4 records read: 2 with a restart (2 restarts), 1 without a restart, 1 of another kind, 0 refused';

/** Each shows the restart of `killed` and then that of `crashing`. */
const formats: readonly (readonly [name: string, content: string, summary: string])[] = [
  ['kubectl get pods -o json', kubectlJson(kubectlList(killed, quiet, crashing)), ofThree],
  ['kubectl get all -o json', kubectlJson(kubectlList(killed, service, quiet, crashing)), ofFour],
  ['kubectl get pods,events -o json', kubectlJson(kubectlList(killed, podWarning, quiet, crashing)), ofFour],
  ['kubectl get pods -o yaml', kubectlYaml(kubectlList(killed, quiet, crashing)), ofThree],
  ['kubectl get all -o yaml', kubectlYaml(kubectlList(killed, service, quiet, crashing)), ofFour],
  ['kubectl get pods,events -o yaml', kubectlYaml(kubectlList(killed, podWarning, quiet, crashing)), ofFour],
  ['kubectl get pods -w -o json', [killed, quiet, crashing].map(kubectlJson).join(''), ofThree],
  ['kubectl get pods -w -o yaml', [killed, quiet, crashing].map(kubectlYaml).join('---\n'), ofThree],
  ['kubectl get pods -w -o json --output-watch-events', lines(...watched), ofFour],
  ['the same, pretty-printed', watched.map(kubectlJson).join(''), ofFour],
  ['kubectl get pods -w -o yaml --output-watch-events', watched.map(kubectlYaml).join('---\n'), ofFour],
  ['kubectl get --raw /api/v1/pods', JSON.stringify(apiList('PodList', killed, quiet, crashing)), ofThree],
  [
    'a Pod list, pretty-printed in its own order',
    `${JSON.stringify(apiList('PodList', killed, quiet, crashing), null, 4)}\n`,
    ofThree,
  ],
  [
    'a Pod list as YAML in its own order',
    kubectlYamlUnsorted(apiList('PodList', killed, quiet, crashing)),
    ofThree,
  ],
  ['Pods, one a line', lines(killed, quiet, crashing), ofThree],
  ['lists, one a line', lines(kubectlList(killed), apiList('PodList', quiet, crashing)), ofThree],
  [
    'a list with one Pod a line',
    `{"kind":"List","apiVersion":"v1","items":[\n${JSON.stringify(killed)},\n${JSON.stringify(quiet)},\n${JSON.stringify(crashing)}\n]}\n`,
    ofThree,
  ],
  [
    'a structured CloudEvent, one after another',
    [podEvent(killed), podEvent(quiet), podEvent(crashing)]
      .map((event) => JSON.stringify(event, null, 2))
      .join('\n'),
    ofThree,
  ],
  [
    'a batch of CloudEvents',
    JSON.stringify([podEvent(killed), podEvent(quiet), podEvent(crashing)]),
    ofThree,
  ],
  [
    'a batch with one CloudEvent a line',
    `[\n${[killed, quiet, crashing].map((pod) => JSON.stringify(podEvent(pod))).join(',\n')}\n]\n`,
    ofThree,
  ],
  [
    'CloudEvents, one a line',
    lines(podEvent(killed), podEvent(quiet), podEvent(service, { kind: 'Service' }), podEvent(crashing)),
    ofFour,
  ],
  [
    'a CloudEvent with its data in base64',
    lines(podEvent(undefined, { data_base64: base64(killed) }), podEvent(quiet), podEvent(crashing)),
    ofThree,
  ],
  ['an audit log', lines(...audited), ofAudited],
  [
    'an EventList of audit.k8s.io',
    JSON.stringify({ ...apiList('EventList', ...audited), apiVersion: 'audit.k8s.io/v1' }),
    ofAudited,
  ],
  [
    'the same, pretty-printed',
    JSON.stringify({ ...apiList('EventList', ...audited), apiVersion: 'audit.k8s.io/v1' }, null, 2),
    ofAudited,
  ],
  [
    'everything in turn',
    kubectlJson(kubectlList(killed)) + lines(watchEvent('ADDED', quiet), podEvent(crashing)),
    ofThree,
  ],
];

function kubectlYamlUnsorted(list: JsonObject): string {
  const { items, ...head } = list;
  return kubectlYaml(head) + kubectlYaml({ items });
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

for (const [index, [name, content, summary]] of formats.entries()) {
  test(`replay reads ${name} (${index})`, async () => {
    const expected = { code: 0, restarts: [ofKilled, ofCrashing], messages: [summary] };
    const file = (suffix: string, bytes: string | Buffer) => folder.write(`${index}.${suffix}`, bytes);
    assert.deepEqual(await shownBy([file('plain', content)]), expected);
    assert.deepEqual(await shownBy([file('mark', `\uFEFF${content}`)]), expected, 'with a byte order mark');
    assert.deepEqual(await shownBy([file('crlf', content.replaceAll('\n', '\r\n'))]), expected, 'with CRLF');
    assert.deepEqual(await shownBy([file('end', content.trimEnd())]), expected, 'without a last newline');
    assert.deepEqual(await shownBy([file('gzip', gzipSync(content))]), expected, 'as gzip');
    assert.deepEqual(await shownBy([file('zstd', zstdCompressSync(content))]), expected, 'as zstd');
  });
}
