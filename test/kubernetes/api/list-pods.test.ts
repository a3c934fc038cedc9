import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getPod } from '../../../lib/kubernetes/api/get-pod.ts';
import { listPods } from '../../../lib/kubernetes/api/list-pods.ts';
import { type PodScope, podScopes } from '../../../lib/kubernetes/api/pods-path.ts';
import { podObject, restartedPod } from '../../fixtures/pods.ts';
import { type ApiServerDouble, startApiServer, status } from '../../helpers/api-server.ts';
import { clientOf, countedPauses } from '../../helpers/cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'list-pods-'));
after(() => rmSync(folder, { recursive: true }));

const everywhere: PodScope = { namespace: undefined, selector: '' };

function fill(server: ApiServerDouble, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const namespace = index % 2 === 0 ? 'shop' : 'billing';
    server.put(
      restartedPod(['app'], {
        namespace,
        name: `pod-${index}`,
        uid: `uid-${index}`,
        labels: { tier: `${index % 3}` },
      }),
    );
  }
}

function nameOf(pod: unknown): string {
  const { metadata }: { metadata: { name: string } } = JSON.parse(JSON.stringify(pod));
  return metadata.name;
}

interface Listed {
  readonly names: readonly string[];
  readonly pages: readonly (readonly [pods: number, isFirst: boolean])[];
  readonly pauses: readonly number[];
}

async function listed(server: ApiServerDouble, scope = everywhere, onPage = () => {}): Promise<Listed> {
  const { pauses, sleep } = countedPauses();
  const names: string[] = [];
  const pages: (readonly [number, boolean])[] = [];
  for await (const { count, restarted, isFirst } of listPods(clientOf(server), scope, {
    attempts: 4,
    sleep,
    random: () => 1,
  })) {
    names.push(...restarted.map(nameOf));
    pages.push([count, isFirst]);
    onPage();
  }
  return { names, pages, pauses };
}

test('Pods are listed page by page, each requested when the previous one has been consumed', async () => {
  await using server = await startApiServer();
  fill(server, 600);
  let taken = 0;
  const { names, pages, pauses } = await listed(server, everywhere, () => {
    taken += 1;
    assert.equal(server.requests.length, taken);
  });
  assert.deepEqual(new Set(names).size, 600);
  assert.deepEqual(pages, [
    [250, true],
    [250, false],
    [100, false],
  ]);
  assert.deepEqual(pauses, []);
  assert.deepEqual(server.requests, [
    '/api/v1/pods?limit=250',
    '/api/v1/pods?limit=250&continue=1600.250',
    '/api/v1/pods?limit=250&continue=1600.500',
  ]);
});

test('Pods that have never restarted are counted, and not returned', async () => {
  await using server = await startApiServer();
  fill(server, 2);
  server.put(podObject());
  assert.deepEqual(await listed(server), { names: ['pod-0', 'pod-1'], pages: [[3, true]], pauses: [] });
});

test('a scope is a namespace or all namespaces, with a label selector', async () => {
  await using server = await startApiServer();
  fill(server, 12);
  const [shop, billing] = podScopes(['shop', 'billing'], 'tier in (0,1)');
  assert.ok(shop && billing);
  assert.deepEqual((await listed(server, shop)).names, ['pod-0', 'pod-4', 'pod-6', 'pod-10']);
  assert.deepEqual((await listed(server, billing)).names, ['pod-1', 'pod-3', 'pod-7', 'pod-9']);
  assert.deepEqual(server.requests, [
    '/api/v1/namespaces/shop/pods?labelSelector=tier+in+%280%2C1%29&limit=250',
    '/api/v1/namespaces/billing/pods?labelSelector=tier+in+%280%2C1%29&limit=250',
  ]);
  assert.deepEqual(podScopes([], ''), [everywhere]);
});

test('a list whose continue token has expired starts again, and reports it', async () => {
  await using server = await startApiServer();
  fill(server, 300);
  let pages = 0;
  const result = await listed(server, everywhere, () => {
    pages += 1;
    if (pages === 1) server.compact();
  });
  assert.deepEqual(result.pages, [
    [250, true],
    [250, true],
    [50, false],
  ]);
  assert.deepEqual(new Set(result.names).size, 300);
});

test('while the server is unreachable or overloaded, requests are retried with back-off or after its Retry-After', async () => {
  await using server = await startApiServer();
  fill(server, 1);
  let requests = 0;
  server.intercept((_url, response) => {
    requests += 1;
    if (requests === 1) status(response, 429, 'too many requests', 'TooManyRequests', { 'retry-after': '7' });
    else if (requests === 2) status(response, 500, 'etcdserver: leader changed', 'InternalError');
    else if (requests === 3) response.destroy();
    return requests <= 3;
  });
  assert.deepEqual(await listed(server), {
    names: ['pod-0'],
    pages: [[1, true]],
    pauses: [7000, 1000, 2000],
  });
});

test('a server that stays unreachable is reported, with its last response', async () => {
  await using server = await startApiServer();
  server.intercept((_url, response) => {
    status(response, 503, 'the server is currently unable to handle the request');
    return true;
  });
  await assert.rejects(listed(server), {
    kind: 'cluster-unavailable',
    message:
      'reading from the API server /api/v1/pods?limit=250: the server is currently unable to handle the request; check that the API server can be reached, and KUBECONFIG where one is used',
  });
  assert.equal(server.requests.length, 4);
});

test('a response that is not a list is an error, and not an empty list', async () => {
  await using server = await startApiServer();
  server.intercept((_url, response) => {
    response.end('{"kind":"PodList"}');
    return true;
  });
  await assert.rejects(listed(server), { message: /: the answer is not a list of Pods;/ });
});

test('a response that is invalid before its end is abandoned, and asked for again', async () => {
  await using server = await startApiServer();
  fill(server, 1);
  const closed = Promise.withResolvers<void>();
  server.intercept((_url, response) => {
    if (server.requests.length > 1) return false;
    // It never ends.
    response.write('{"kind":"PodList","items":[{"lastState":{"terminated":nil}},');
    response.once('close', closed.resolve);
    return true;
  });
  assert.deepEqual(await listed(server), { names: ['pod-0'], pages: [[1, true]], pauses: [500] });
  await closed.promise;
});

test('a response that breaks off is asked for again, and none of its Pods is returned twice', async () => {
  await using server = await startApiServer();
  fill(server, 1);
  server.intercept((_url, response) => {
    if (server.requests.length > 1) return false;
    const pod = JSON.stringify(restartedPod(['app'], { namespace: 'shop', name: 'pod-0' }));
    response.write(`{"kind":"PodList","items":[${pod},`, () => response.destroy());
    return true;
  });
  assert.deepEqual(await listed(server), { names: ['pod-0'], pages: [[1, true]], pauses: [500] });
});

test('a missing permission is reported as the rule to add, and not retried', async () => {
  await using server = await startApiServer();
  const message =
    'pods is forbidden: User "system:serviceaccount:ledger:restart-ledger" cannot list resource "pods" in API group "" at the cluster scope';
  server.intercept((_url, response) => {
    status(response, 403, message, 'Forbidden');
    return true;
  });
  const rule = 'allow it by the rule {apiGroups: [""], resources: ["pods"], verbs: ["list"]} in';
  await assert.rejects(listed(server), {
    kind: 'cluster-forbidden',
    message: `reading from the API server /api/v1/pods?limit=250: ${message}; ${rule} a ClusterRole with a ClusterRoleBinding`,
  });
  await assert.rejects(listed(server, { namespace: 'shop', selector: '' }), {
    message: `reading from the API server /api/v1/namespaces/shop/pods?limit=250: ${message}; ${rule} a Role with a RoleBinding in the namespace shop, or a ClusterRole with a ClusterRoleBinding`,
  });
  assert.equal(server.requests.length, 2);
});

test('a rotated token is read again when the old one is refused', async () => {
  await using server = await startApiServer();
  fill(server, 1);
  const tokenFile = join(folder, 'token');
  const client = clientOf(server, tokenFile);
  const read = async () => nameOf(await getPod(client, 'shop', 'pod-0'));
  writeFileSync(tokenFile, 'first');
  server.acceptOnly('first');
  assert.equal(await read(), 'pod-0');
  writeFileSync(tokenFile, 'second');
  server.acceptOnly('second');
  assert.equal(await read(), 'pod-0');
  server.acceptOnly('third');
  await assert.rejects(read(), {
    kind: 'cluster-forbidden',
    message: /: Unauthorized; give credentials that the API server accepts/,
  });
});

test('a Pod is read by its name, and a deleted one is undefined', async () => {
  await using server = await startApiServer();
  fill(server, 1);
  const client = clientOf(server);
  assert.equal(nameOf(await getPod(client, 'shop', 'pod-0')), 'pod-0');
  assert.equal(await getPod(client, 'shop', 'pod-1'), undefined);
});
