import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledged } from '../fixtures/answers.ts';
import { batched, binary, podEvent, structured } from '../fixtures/pod-events.ts';
import { containerStatus, crashLoopingPod, podObject, restartedPod, termination } from '../fixtures/pods.ts';
import { startApiServer } from '../helpers/api-server.ts';
import { eventually } from '../helpers/eventually.ts';
import { startFunction } from '../helpers/function-process.ts';
import { answering, startHttpStub } from '../helpers/http-stub.ts';
import { loggedReason, logLinesOf } from '../helpers/log-lines.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { send } from '../helpers/send.ts';
import { storedRecords } from '../helpers/stored-records.ts';

const skip = missing('prometheus-pushgateway');
const ping = (data?: unknown) =>
  binary(
    podEvent(data, {
      type: 'dev.knative.sources.ping',
      ...(data === undefined && { datacontenttype: undefined }),
    }),
  );

function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+/, '');
}

/** A Pod whose container ended so many seconds ago, for the third time. */
function endedAgo(name: string, seconds: number): object {
  const terminated = termination({ startedAt: ago(seconds + 60), finishedAt: ago(seconds) });
  const status = containerStatus({
    restartCount: 3,
    lastState: { terminated },
    state: { running: { startedAt: ago(seconds - 5) } },
  });
  return podObject({
    metadata: { name, uid: `uid-${name}`, creationTimestamp: ago(seconds + 3600) },
    status: { containerStatuses: [status] },
  });
}

async function recordedPods(url: string): Promise<readonly string[]> {
  const records = await storedRecords(url);
  const pods = records.filter((line) => line.startsWith('pod_monitor_container_restart_total'));
  return pods.map((line) => /pod="([^"]+)"/.exec(line)?.[1] ?? '').sort();
}

test('a ping without a task reconciles and sweeps, and reconcile does not restore what the sweep has deleted', {
  skip,
}, async () => {
  await using gateway = await startPushgateway();
  await using cluster = await startApiServer();
  const environment = { PUSHGATEWAY_URL: gateway.url, KUBECONFIG: cluster.kubeconfig() };
  await using unlimitedRetention = await startFunction({ ...environment, RETENTION: '0' });
  await using ledger = await startFunction({ ...environment, RETENTION: '1h' });
  for (const [name, seconds] of [
    ['fresh', 60],
    ['old', 7200],
  ] as const)
    cluster.put({ ...endedAgo(name, seconds) });
  await send(unlimitedRetention.url, ping({ task: 'reconcile' }));
  assert.deepEqual(await recordedPods(gateway.url), ['fresh', 'old']);

  const lines = await logLinesOf(ledger, async () => {
    assert.deepEqual(await send(ledger.url, ping()), acknowledged);
  });
  assert.deepEqual(lines, [
    {
      level: 'info',

      pods: 2,
      invalid: 0,
      restarts: 1,
      missing: 0,
      missed: 0,
      msg: 'reconciled',
    },
    { level: 'info', stored: 2, expired: 1, surplus: 0, removed: 1, msg: 'swept' },
  ]);
  assert.deepEqual(await recordedPods(gateway.url), ['fresh']);

  for (const message of [ping({ task: 'reconcile' }), binary(podEvent(endedAgo('old', 7200)))]) {
    assert.deepEqual(await send(ledger.url, message), acknowledged);
  }
  assert.deepEqual(await recordedPods(gateway.url), ['fresh']);
});

test('pings that come while a reconcile or a sweep runs share it', { skip }, async () => {
  await using gateway = await startPushgateway();
  await using cluster = await startApiServer();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    KUBECONFIG: cluster.kubeconfig(),
  });
  const one = podEvent(undefined, { type: 'dev.knative.sources.ping', datacontenttype: undefined });
  await send(ledger.url, structured(one));
  const requestsOfOne = cluster.requests.length;
  const lines = await logLinesOf(ledger, async () => {
    assert.deepEqual(await send(ledger.url, batched(...Array.from({ length: 60 }, () => one))), acknowledged);
  });
  assert.deepEqual(
    lines.map((line) => line['msg']),
    ['reconciled', 'swept'],
  );
  assert.equal(cluster.requests.length, 2 * requestsOfOne);
});

test('of more records than MAX_RECORDS the newest are left, and reconcile does not restore the others', {
  skip,
}, async () => {
  await using gateway = await startPushgateway();
  await using cluster = await startApiServer();
  const environment = { PUSHGATEWAY_URL: gateway.url, KUBECONFIG: cluster.kubeconfig() };
  await using ledger = await startFunction({ ...environment, MAX_RECORDS: '2' });
  for (const [name, seconds] of [
    ['oldest', 300],
    ['older', 200],
    ['newer', 100],
    ['newest', 50],
  ] as const)
    cluster.put({ ...endedAgo(name, seconds) });
  for (const task of ['reconcile', 'sweep', 'reconcile'])
    assert.deepEqual(await send(ledger.url, ping({ task })), acknowledged);
  assert.deepEqual(await recordedPods(gateway.url), ['newer', 'newest']);
  const missed = (await storedRecords(gateway.url)).find((line) =>
    line.startsWith('pod_monitor_restarts_missed'),
  );
  assert.equal(missed, 'pod_monitor_restarts_missed{instance="",job="pod_monitor_audit"} 0');
});

test('recording, reconciling and sweeping concurrently leave exactly the records within retention', {
  skip,
}, async () => {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await using cluster = await startApiServer();
  const names = Array.from({ length: 20 }, (_, index) => `pod-${String(index).padStart(2, '0')}`);
  const pods = names.map((name, index) => endedAgo(name, index < 10 ? 7200 : 60));
  for (const pod of pods) cluster.put({ ...pod });
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    KUBECONFIG: cluster.kubeconfig(),
    RETENTION: '1h',
  });
  for (let round = 0; round < 10; round += 1) {
    const messages = [
      ping({ task: 'sweep' }),
      ping({ task: 'reconcile' }),
      ...pods.map((pod) => binary(podEvent(pod))),
    ];
    const answers = await Promise.all(messages.map((message) => send(ledger.url, message)));
    assert.deepEqual(
      answers,
      messages.map(() => acknowledged),
    );
  }
  await eventually(async () => assert.deepEqual(await recordedPods(gateway.url), names.slice(10)));
});

test('reconcile counts the unrecoverable restarts, in a group that the next run replaces', {
  skip,
}, async () => {
  await using gateway = await startPushgateway();
  await using cluster = await startApiServer();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    KUBECONFIG: cluster.kubeconfig(),
  });
  const pod = crashLoopingPod();
  cluster.put(pod);
  cluster.put(restartedPod(['cart'], { name: 'cart-0', uid: 'uid-cart' }));
  await send(ledger.url, ping({ task: 'reconcile' }));
  const missed = async () =>
    (await storedRecords(gateway.url)).filter((line) => line.includes('restarts_missed'));
  const of = (container: string, name: string) =>
    `pod_monitor_container_restarts_missed{container="${container}",instance="",job="pod_monitor_audit",namespace="shop",pod="${name}"} 4`;
  assert.deepEqual(await missed(), [
    of('cart', 'cart-0'),
    of('checkout', 'checkout-7d4b9c6f5-x2x9k'),
    'pod_monitor_restarts_missed{instance="",job="pod_monitor_audit"} 8',
  ]);
  for (let count = 1; count <= 4; count += 1) {
    const terminated = termination({ finishedAt: `2025-11-20T09:0${count}:00Z` });
    const status = containerStatus({ restartCount: count, lastState: { terminated } });
    await send(ledger.url, binary(podEvent(podObject({ status: { containerStatuses: [status] } }))));
  }
  await send(ledger.url, ping({ task: 'reconcile' }));
  assert.deepEqual(await missed(), [
    of('cart', 'cart-0'),
    'pod_monitor_restarts_missed{instance="",job="pod_monitor_audit"} 4',
  ]);
});

test('a gateway that cannot list its groups gets every restart that the Pods show, and is not swept', async () => {
  await using gateway = await startHttpStub(answering(204));
  await using cluster = await startApiServer();
  cluster.put(crashLoopingPod());
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    KUBECONFIG: cluster.kubeconfig(),
  });
  assert.deepEqual(await send(ledger.url, ping({ task: 'reconcile' })), acknowledged);
  assert.deepEqual(
    gateway.requests.map(({ method, path }) => `${method} ${path.slice(0, 24)}`),
    ['GET /api/v1/status', 'POST /metrics/job/pod_monitor'.slice(0, 29)],
  );
  const answer = await send(ledger.url, ping({ task: 'sweep' }));
  assert.equal(answer.status, 502);
  await loggedReason(ledger, /^sweeping the Pushgateway: it does not answer as a Pushgateway does/);
});

test('400 for an unknown task', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  const answer = await send(ledger.url, ping({ task: 'dance' }));
  assert.equal(answer.status, 400);
  assert.match(
    JSON.stringify(answer.body),
    /is not one of reconcile, sweep; name one of them, or none for all/,
  );
  assert.deepEqual(gateway.requests, []);
});

test('an empty object as data requests all tasks, like no data', async () => {
  await using gateway = await startHttpStub(answering(204));
  await using cluster = await startApiServer();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    KUBECONFIG: cluster.kubeconfig(),
  });
  await send(ledger.url, ping({}));
  await loggedReason(ledger, /^sweeping the Pushgateway/);
  assert.deepEqual(cluster.requests, ['/api/v1/pods?limit=250']);
});
