import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acknowledged, problem } from '../fixtures/answers.ts';
import { binary, podEvent, structured } from '../fixtures/pod-events.ts';
import { containerStatus, type JsonObject, podObject, termination } from '../fixtures/pods.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import { send } from '../helpers/send.ts';

let gateway: HttpStub;
let ledger: FunctionProcess;

before(async () => {
  gateway = await startHttpStub();
  ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
});

after(async () => {
  await ledger[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

/** A valid status precedes the invalid one: a Pod is recorded completely or not at all. */
function withStatus(fields: JsonObject): JsonObject {
  const containerStatuses = [containerStatus({ name: 'cart' }), containerStatus(fields)];
  return podObject({ status: { containerStatuses } });
}

const withTermination = (fields: JsonObject) =>
  withStatus({ lastState: { terminated: termination(fields) } });
const withMetadata = (metadata: JsonObject) => podObject({ metadata });
const withPodStatus = (status: JsonObject) => podObject({ status });

const label = 'is not a DNS label (at most 63 of a-z, 0-9 and -)';
const name = 'is not a DNS name (at most 253 of a-z, 0-9, - and .)';
const uid = 'is not a UID (at most 64 letters, digits and -)';
const count = 'is not a count (a whole number from 0 to 2147483647)';
const time = 'is not an RFC 3339 time such as 2026-11-20T10:00:00Z';
const status = 'status.containerStatuses[1]';
const terminated = `${status}.lastState.terminated`;
const cut = (text: string) => `"${text.slice(0, 78)}…`;

const cases: readonly (readonly [pod: JsonObject, where: string, fact: string])[] = [
  [{ ...podObject(), metadata: undefined }, 'metadata.namespace', `a missing value ${label}`],
  [{ ...podObject(), metadata: 'x' }, 'metadata', '"x" is not an object'],
  [{ ...podObject(), spec: [] }, 'spec', 'a list is not an object'],
  [{ ...podObject(), status: 1 }, 'status', '1 is not an object'],
  [withMetadata({ namespace: '' }), 'metadata.namespace', `"" ${label}`],
  [withMetadata({ namespace: 'Shop' }), 'metadata.namespace', `"Shop" ${label}`],
  [withMetadata({ namespace: 'shop/eu' }), 'metadata.namespace', `"shop/eu" ${label}`],
  [withMetadata({ namespace: 'shop.eu' }), 'metadata.namespace', `"shop.eu" ${label}`],
  [withMetadata({ namespace: 's'.repeat(64) }), 'metadata.namespace', `"${'s'.repeat(64)}" ${label}`],
  [withMetadata({ name: null }), 'metadata.name', `null ${name}`],
  [withMetadata({ name: '..' }), 'metadata.name', `".." ${name}`],
  [withMetadata({ name: 'a/../b' }), 'metadata.name', `"a/../b" ${name}`],
  [withMetadata({ name: 'a\nb' }), 'metadata.name', `"a\\nb" ${name}`],
  [withMetadata({ name: '-a' }), 'metadata.name', `"-a" ${name}`],
  [withMetadata({ name: 'a'.repeat(254) }), 'metadata.name', `${cut('a'.repeat(254))} ${name}`],
  [withMetadata({ uid: 7 }), 'metadata.uid', `7 ${uid}`],
  [withMetadata({ uid: '..' }), 'metadata.uid', `".." ${uid}`],
  [withMetadata({ ownerReferences: {} }), 'metadata.ownerReferences', 'an object is not a list'],
  [
    withMetadata({ ownerReferences: [{ controller: true, kind: 1, name: 'x' }] }),
    'metadata.ownerReferences[].kind',
    '1 is not text',
  ],
  [podObject({ spec: { nodeName: ['x'] } }), 'spec.nodeName', 'a list is not text'],
  [podObject({ spec: { initContainers: 'x' } }), 'spec.initContainers', '"x" is not a list'],
  [withPodStatus({ containerStatuses: {} }), 'status.containerStatuses', 'an object is not a list'],
  [withPodStatus({ containerStatuses: [null] }), 'status.containerStatuses[0]', 'null is not an object'],
  [
    withPodStatus({
      containerStatuses: Array.from({ length: 251 }, (_, index) => containerStatus({ name: `c${index}` })),
    }),
    'status.containerStatuses',
    'a list is not a list of at most 250 elements',
  ],
  [
    withPodStatus({ initContainerStatuses: [{ name: 'INIT' }] }),
    'status.initContainerStatuses[0].name',
    `"INIT" ${label}`,
  ],
  [
    withPodStatus({ ephemeralContainerStatuses: [{ name: 'debug' }] }),
    'status.ephemeralContainerStatuses[0].restartCount',
    `a missing value ${count}`,
  ],
  [withStatus({ name: 'check_out' }), `${status}.name`, `"check_out" ${label}`],
  [withStatus({ image: 5 }), `${status}.image`, '5 is not text'],
  [withStatus({ containerID: true }), `${status}.containerID`, 'true is not text'],
  [withStatus({ restartCount: '5' }), `${status}.restartCount`, `"5" ${count}`],
  [withStatus({ restartCount: 1.5 }), `${status}.restartCount`, `1.5 ${count}`],
  [withStatus({ restartCount: -1 }), `${status}.restartCount`, `-1 ${count}`],
  [withStatus({ restartCount: 2 ** 31 }), `${status}.restartCount`, `2147483648 ${count}`],
  [withStatus({ restartCount: null }), `${status}.restartCount`, `a missing value ${count}`],
  [withStatus({ state: 'running' }), `${status}.state`, '"running" is not an object'],
  [
    withStatus({ state: { running: { startedAt: 'now' } } }),
    `${status}.state.running.startedAt`,
    `"now" ${time}`,
  ],
  [withStatus({ lastState: [] }), `${status}.lastState`, 'a list is not an object'],
  [withStatus({ lastState: { terminated: 'x' } }), terminated, '"x" is not an object'],
  [withTermination({ exitCode: undefined }), `${terminated}.exitCode`, 'a missing value is not an int32'],
  [withTermination({ exitCode: '137' }), `${terminated}.exitCode`, '"137" is not an int32'],
  [withTermination({ exitCode: 2 ** 32 }), `${terminated}.exitCode`, '4294967296 is not an int32'],
  [withTermination({ signal: 9.5 }), `${terminated}.signal`, '9.5 is not an int32'],
  [withTermination({ reason: {} }), `${terminated}.reason`, 'an object is not text'],
  [withTermination({ startedAt: 'yesterday' }), `${terminated}.startedAt`, `"yesterday" ${time}`],
  [
    withTermination({ finishedAt: '2025-02-30T00:00:00Z' }),
    `${terminated}.finishedAt`,
    `"2025-02-30T00:00:00Z" ${time}`,
  ],
  [
    withTermination({ finishedAt: '2025-11-20 10:00:02' }),
    `${terminated}.finishedAt`,
    `"2025-11-20 10:00:02" ${time}`,
  ],
  [withTermination({ finishedAt: 1_763_632_802 }), `${terminated}.finishedAt`, '1763632802 is not text'],
  [withTermination({ containerID: 9 }), `${terminated}.containerID`, '9 is not text'],
];

for (const [pod, where, fact] of cases) {
  test(`400 for a Pod in which ${where} is wrong: ${fact}`, async () => {
    const remedy = 'send the object as the Kubernetes API server writes it';
    const refused = problem('invalid-input', { operation: 'reading', where, fact, remedy });
    assert.deepEqual(await send(ledger.url, structured(podEvent(pod))), refused);
    // In binary mode what shows no termination is acknowledged without being parsed.
    const isParsed = JSON.stringify(pod).includes('terminated');
    assert.deepEqual(await send(ledger.url, binary(podEvent(pod))), isParsed ? refused : acknowledged);
    assert.deepEqual(gateway.requests, []);
  });
}
