import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashLoopingPod, podObject, restartedPod } from '../../fixtures/pods.ts';
import { startApiServer, status } from '../../helpers/api-server.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { startFunction } from '../../helpers/function-process.ts';
import { answering, inSequence, startHttpStub } from '../../helpers/http-stub.ts';
import type { RunningProcess } from '../../helpers/process.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';
import { storedRecords } from '../../helpers/stored-records.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('watch-');

const byHand = { RETENTION: '0', EMBEDDED_GATEWAY_ADDRESS: '127.0.0.1:0' };

function logged(watch: RunningProcess, message: string): Record<string, unknown> {
  for (const line of watch
    .stderr()
    .split('\n')
    .slice(0, -1)
    .filter((text) => text.startsWith('{'))) {
    const fields: Record<string, unknown> = JSON.parse(line);
    if (fields['msg'] === message) return fields;
  }
  throw new Error(`there is no line ${message} in ${watch.stderr()}`);
}

test('without a receiver each restart is shown once, as the watch observes it, and kept in an embedded gateway', async () => {
  await using cluster = await startApiServer();
  cluster.put(crashLoopingPod());
  await using watch = startCommand(['watch'], { ...byHand, KUBECONFIG: cluster.kubeconfig() });
  const first = '2025-11-20T10:00:02Z shop/checkout-7d4b9c6f5-x2x9k checkout #5 Error (1) after 2m0s';
  await eventually(() => assert.equal(watch.stdout(), `${first}\n`));
  await eventually(() => assert.equal(cluster.watches, 1));
  const asked = cluster.requests.length;
  cluster.put(crashLoopingPod());
  cluster.put(restartedPod(['cart'], { name: 'cart-0', uid: 'uid-cart' }));
  const second = '2025-11-20T10:00:02Z shop/cart-0 cart #5 OOMKilled (137) after 2m0s';
  await eventually(() => assert.equal(watch.stdout(), `${first}\n${second}\n`));
  assert.equal(cluster.requests.length, asked, 'the open watch brought it, and no list');
  const gateway = /metrics at (\S+)\/metrics/.exec(watch.stderr())?.[1] ?? '';
  assert.ok(watch.stderr().includes(`timeline at ${gateway}/\n`), watch.stderr());
  assert.match(await (await fetch(gateway)).text(), /<p id="summary">2 restarts of 2 containers/);
  assert.equal((await storedRecords(gateway)).length, 6);
  watch.kill('SIGTERM');
  assert.equal((await watch.ended).code, 0);
});

test('with a Pushgateway the restarts are recorded there, and probes and metrics are served', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using cluster = await startApiServer();
  await using gateway = await startPushgateway();
  const environment = { RETENTION: '0', KUBECONFIG: cluster.kubeconfig(), PUSHGATEWAY_URL: gateway.url };
  await using watch = startCommand(['watch'], environment);
  const url = await eventually(() => String(logged(watch, 'watching')['url']));
  await eventually(async () => assert.equal((await fetch(`${url}/health/readiness`)).status, 200));
  cluster.put(crashLoopingPod());
  await eventually(async () => assert.equal((await storedRecords(gateway.url)).length, 3));
  const metrics = await eventually(async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    assert.match(text, /restart_ledger_watch_pods_total\{result="delivered"\} 1\n/);
    return text;
  });
  assert.match(metrics, /restart_ledger_pushes_total{result="accepted"} 1\n/);
  assert.match(metrics, /restart_ledger_watch_outages_total 0\n/);
  assert.equal((await fetch(`${url}/health/liveness`)).status, 200);
  watch.kill('SIGINT');
  assert.equal((await watch.ended).code, 0);
});

test('with a sink only Pods with a restart are sent, stripped, as the API server source sends them', async () => {
  await using cluster = await startApiServer();
  await using sink = await startHttpStub(answering(202));
  const pod = crashLoopingPod({ managedFields: [{ manager: 'kubelet' }], annotations: { token: 'hunter2' } });
  cluster.put(podObject({ metadata: { name: 'never-restarted', uid: 'uid-never-restarted' } }));
  cluster.put(pod);
  await using _watch = startCommand(['watch', '--sink', `${sink.url}/default/ledger?shard=1`], {
    RETENTION: '0',
    KUBECONFIG: cluster.kubeconfig(),
    K_CE_OVERRIDES: '{"extensions":{"team":"a"}}',
  });
  await eventually(() => assert.equal(sink.requests.length, 1));
  const [request] = sink.requests;
  assert.ok(request);
  const attributes = Object.entries(request.headers).filter(
    ([name]) => name.startsWith('ce-') && name !== 'ce-time',
  );
  assert.deepEqual(
    [request.method, request.path, Object.fromEntries(attributes)],
    [
      'POST',
      '/default/ledger?shard=1',
      {
        'ce-specversion': '1.0',
        'ce-type': 'dev.knative.apiserver.resource.update',
        'ce-source': 'urn:restart-ledger:watch',
        'ce-id': '8717cf78-7525-485f-a643-7586282e1af1.checkout.5_1763632802',
        'ce-subject': '/apis/v1/namespaces/shop/pods/checkout-7d4b9c6f5-x2x9k',
        'ce-apiversion': 'v1',
        'ce-kind': 'Pod',
        'ce-name': 'checkout-7d4b9c6f5-x2x9k',
        'ce-namespace': 'shop',
        'ce-team': 'a',
      },
    ],
  );
  assert.deepEqual(JSON.parse(request.body), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'shop',
      name: 'checkout-7d4b9c6f5-x2x9k',
      uid: '8717cf78-7525-485f-a643-7586282e1af1',
      resourceVersion: '1002',
      creationTimestamp: '2025-11-20T09:00:00Z',
      labels: { 'pod-template-hash': '7d4b9c6f5' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'checkout-7d4b9c6f5', controller: true }],
    },
    spec: { nodeName: 'worker-2', restartPolicy: 'Always', containers: [{ name: 'checkout' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'checkout',
          image: 'registry.example.com/shop/checkout:2.14.0',
          containerID: 'containerd://0ff6433322c4',
          restartCount: 4,
          state: {},
          lastState: {
            terminated: {
              containerID: 'containerd://0ff6433322c4',
              exitCode: 1,
              reason: 'Error',
              startedAt: '2025-11-20T09:58:02Z',
              finishedAt: '2025-11-20T10:00:02Z',
            },
          },
        },
      ],
    },
  });
});

test('from the watch over the function to a real Pushgateway, nothing is lost while the function is unavailable', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using cluster = await startApiServer();
  await using gateway = await startPushgateway();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  await using sink = await startHttpStub(
    inSequence(
      answering(503),
      (response) => response.destroy(),
      answering(404),
      answering(429),
      async (response, { headers, body }) => {
        const fields = Object.entries(headers).filter(([name]) => /^ce-|^content-type$/.test(name));
        const answer = await fetch(ledger.url, {
          method: 'POST',
          headers: fields.map(([name, value]): [string, string] => [name, String(value)]),
          body,
        });
        response.writeHead(answer.status).end();
      },
    ),
  );
  for (const name of ['a', 'b', 'c']) cluster.put(restartedPod(['app'], { name, uid: `uid-${name}` }));
  const environment = { RETENTION: '0', KUBECONFIG: cluster.kubeconfig(), K_SINK: sink.url };
  await using watch = startCommand(['watch'], environment);
  await eventually(async () => assert.equal((await storedRecords(gateway.url)).length, 9));
  assert.match(
    String(logged(watch, 'unavailable: waiting for the receiver')['reason']),
    /^sending to http:.*it answered 503/,
  );
  watch.kill('SIGTERM');
  assert.equal((await watch.ended).code, 0);
});

test('a missing permission ends the watch with 1, and is named', async () => {
  await using cluster = await startApiServer();
  cluster.intercept((_url, response) => {
    status(response, 403, 'pods is forbidden', 'Forbidden');
    return true;
  });
  const { code, stderr } = await runCommand(['watch'], { ...byHand, KUBECONFIG: cluster.kubeconfig() });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^restart-ledger: reading from the API server .*: pods is forbidden; allow it by the rule/m,
  );
});

for (const [what, environment, message] of [
  [
    'an invalid kubeconfig',
    { KUBECONFIG: '/none' },
    /^restart-ledger: using the kubeconfig \/none: .*; fix it, or name another one in KUBECONFIG\n$/,
  ],
  [
    'neither a kubeconfig nor a service account',
    { HOME: '/none' },
    /^restart-ledger: looking for the API server: there is neither a kubeconfig nor a service account; set KUBECONFIG[^\n]*\n$/,
  ],
] as const) {
  test(`${what} ends the watch with 1, and is all that is reported`, async () => {
    const { code, stdout, stderr } = await runCommand(['watch'], { ...byHand, ...environment });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
  });
}

test('where the address of the embedded gateway is taken, the watch takes a free port', async () => {
  await using cluster = await startApiServer();
  await using taken = await startHttpStub();
  const address = new URL(taken.url).host;
  await using watch = startCommand(['watch'], {
    ...byHand,
    EMBEDDED_GATEWAY_ADDRESS: address,
    KUBECONFIG: cluster.kubeconfig(),
  });
  await eventually(() => assert.match(watch.stderr(), /^metrics at http:\/\/127\.0\.0\.1:\d+\//m));
  assert.ok(!watch.stderr().includes(`metrics at http://${address}/`));
  watch.kill('SIGINT');
  assert.equal((await watch.ended).code, 0);
});

test('the watch sends the token of SINK_TOKEN_FILE, the new one once the file has changed', async () => {
  await using cluster = await startApiServer();
  await using sink = await startHttpStub(answering(202));
  const file = folder.write('rotated', 'first');
  const environment = { ...byHand, PORT: '0', KUBECONFIG: cluster.kubeconfig(), SINK_TOKEN_FILE: file };
  cluster.put(crashLoopingPod({ name: 'one' }));
  await using _watch = startCommand(['watch', '--sink', sink.url], environment);
  await eventually(() => assert.equal(sink.requests.length, 1));
  folder.write('rotated', 'second');
  cluster.put(crashLoopingPod({ name: 'two' }));
  await eventually(() => assert.equal(sink.requests.length, 2));
  assert.deepEqual(
    sink.requests.map(({ headers }) => headers.authorization),
    ['Bearer first', 'Bearer second'],
  );
});

test('a watch whose SINK_TOKEN_FILE is missing does not start', async () => {
  const { code, stderr } = await runCommand(['watch', '--sink', 'http://127.0.0.1:9'], {
    SINK_TOKEN_FILE: '/none',
  });
  assert.equal(code, 2);
  assert.match(stderr, /reading \/none: ENOENT: .*; give a file with one bearer token in SINK_TOKEN_FILE$/m);
});

test('in a cluster a watch without a receiver does not start', async () => {
  const { code, stderr } = await runCommand(['watch'], { KUBERNETES_SERVICE_HOST: '10.96.0.1' });
  assert.equal(code, 2);
  assert.match(stderr, /PUSHGATEWAY_URL is not set, and a record in the memory of a Pod is lost/);
});
