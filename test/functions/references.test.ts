import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acknowledged, fault } from '../fixtures/answers.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { type ApiServerDouble, startApiServer, status } from '../helpers/api-server.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import { loggedReason, logLinesOf } from '../helpers/log-lines.ts';
import { send } from '../helpers/send.ts';

let gateway: HttpStub;
let cluster: ApiServerDouble;
let ledger: FunctionProcess;

before(async () => {
  gateway = await startHttpStub();
  cluster = await startApiServer();
  ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, KUBECONFIG: cluster.kubeconfig() });
});

after(async () => {
  await ledger[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const reference = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'checkout-7d4b9c6f5-x2x9k' };

async function sendReference(data: unknown, type = 'ref.update') {
  const earlier = gateway.requests.length;
  const answer = await send(ledger.url, binary(podEvent(data, { type: `dev.knative.apiserver.${type}` })));
  return { answer, pushes: gateway.requests.slice(earlier).map(({ path }) => path) };
}

for (const type of ['ref.add', 'ref.update']) {
  test(`the Pod of a reference (${type}) is read and recorded`, async () => {
    cluster.put(crashLoopingPod());
    assert.deepEqual(await sendReference(reference, type), {
      answer: acknowledged,
      pushes: [
        '/metrics/job/pod_monitor/namespace/shop/pod/checkout-7d4b9c6f5-x2x9k/uid/8717cf78-7525-485f-a643-7586282e1af1/container/checkout/restart_id/5_1763632802',
      ],
    });
  });
}

test('a deleted Pod is no error', async () => {
  const gone = { ...reference, name: 'gone-1' };
  assert.deepEqual(await sendReference(gone), { answer: acknowledged, pushes: [] });
});

test('a reference to another kind of object is ignored', async () => {
  const earlier = cluster.requests.length;
  const other = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  assert.deepEqual(await sendReference(other), { answer: acknowledged, pushes: [] });
  assert.equal(cluster.requests.length, earlier);
});

const refused: Readonly<Record<string, unknown>> = {
  nothing: null,
  'a reference without a kind': { name: 'web' },
  'a reference without a namespace': { apiVersion: 'v1', kind: 'Pod', name: 'web' },
  'a name that leads elsewhere': { ...reference, name: '../../nodes/worker-1' },
};

for (const [sentence, data] of Object.entries(refused)) {
  test(`400 for ${sentence}, and no request goes to the API server`, async () => {
    const earlier = cluster.requests.length;
    const { answer } = await sendReference(data);
    assert.equal(answer.status, 400);
    assert.equal(cluster.requests.length, earlier);
  });
}

test('502 with the missing rule when the API server forbids the request', async () => {
  cluster.intercept((_url, response) => {
    status(response, 403, 'pods "x" is forbidden: User "ledger" cannot get resource "pods"', 'Forbidden');
    return true;
  });
  const lines = await logLinesOf(ledger, async () => {
    const { answer } = await sendReference(reference);
    assert.deepEqual(answer, fault('cluster-forbidden'));
  });
  cluster.intercept(() => false);
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    [
      'reading from the API server /api/v1/namespaces/shop/pods/checkout-7d4b9c6f5-x2x9k: pods "x" is forbidden: User "ledger" cannot get resource "pods"; allow it by the rule {apiGroups: [""], resources: ["pods"], verbs: ["get"]} in a Role with a RoleBinding in the namespace shop, or a ClusterRole with a ClusterRoleBinding',
    ],
  );
});

test('503 when the API server is unreachable', async () => {
  cluster.intercept((_url, response) => {
    response.destroy();
    return true;
  });
  const { answer } = await sendReference(reference);
  cluster.intercept(() => false);
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '2']);
});

test('502 without a configured API server', async () => {
  await using alone = await startFunction({ PUSHGATEWAY_URL: gateway.url, HOME: '/nonexistent' });
  const answer = await send(
    alone.url,
    binary(podEvent(reference, { type: 'dev.knative.apiserver.ref.add' })),
  );
  assert.equal(answer.status, 502);
  await loggedReason(alone, /there is neither a kubeconfig nor a service account/);
});
