import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledged, fault, problem } from '../fixtures/answers.ts';
import { binary, podEvent, structured } from '../fixtures/pod-events.ts';
import { crashLoopingPod, podObject } from '../fixtures/pods.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { answering, startHttpStub } from '../helpers/http-stub.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { type Answer, type Message, send } from '../helpers/send.ts';
import { storedSeries } from '../helpers/series.ts';

const program = 'test/fixtures/knative-function.ts';

async function startUnderRuntime(gatewayUrl: string): Promise<FunctionProcess> {
  return await startFunction({ PUSHGATEWAY_URL: gatewayUrl }, program);
}

const group =
  '/metrics/job/pod_monitor/namespace/shop/pod/checkout-7d4b9c6f5-x2x9k/uid/8717cf78-7525-485f-a643-7586282e1af1/container/checkout/restart_id/5_1763632802';

function record(pod: string): string {
  return `pod_monitor_container_restart_total{container="checkout",job="pod_monitor",namespace="shop",pod="${pod}",reason="Error",restart_id="5_1763632802",uid="8717cf78-7525-485f-a643-7586282e1af1"} 1`;
}

/** The answer without the cross-origin headers that the runtime adds to every one. */
async function answerTo(url: string, message: Message): Promise<Answer> {
  const answer = await send(url, message);
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: Object.fromEntries(own) };
}

test('under the stock runtime a Pod event in each mode is recorded in the Pushgateway', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  const pod = (name: string) => crashLoopingPod({ name });
  const encoded = Buffer.from(JSON.stringify(pod('structured-base64'))).toString('base64');
  await using gateway = await startPushgateway();
  await using ledger = await startUnderRuntime(gateway.url);
  for (const message of [
    binary(podEvent(pod('binary'))),
    structured(podEvent(pod('structured'))),
    structured(podEvent(undefined, { data_base64: encoded })),
  ])
    assert.deepEqual(await answerTo(ledger.url, message), acknowledged);
  const series = await storedSeries(gateway.url, 'pod_monitor');
  assert.deepEqual(
    series.filter((line) => line.startsWith('pod_monitor_container_restart_total')),
    ['binary', 'structured', 'structured-base64'].map(record),
  );
});

test('under the stock runtime events are answered as by our own host', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startUnderRuntime(gateway.url);
  const ignored = binary(podEvent({}, { type: 'com.example.order.placed' }));
  const nothing = binary(podEvent(podObject()));
  assert.deepEqual(await answerTo(ledger.url, ignored), acknowledged);
  assert.deepEqual(await answerTo(ledger.url, nothing), acknowledged);

  const broken = binary(podEvent(podObject({ metadata: { name: 'No Name' } })));
  assert.deepEqual(
    await answerTo(ledger.url, broken),
    problem('invalid-input', {
      operation: 'reading',
      where: 'metadata.name',
      fact: '"No Name" is not a DNS name (at most 253 of a-z, 0-9, - and .)',
      remedy: 'send the object as the Kubernetes API server writes it',
    }),
  );
  assert.equal(gateway.requests.length, 0);

  const crashLoop = binary(podEvent(crashLoopingPod()));
  assert.deepEqual(await answerTo(ledger.url, crashLoop), acknowledged);
  gateway.behave(answering(503));
  assert.deepEqual(await answerTo(ledger.url, crashLoop), fault('gateway-unavailable'));
  assert.deepEqual(
    gateway.requests.map(({ path }) => path),
    [group, group],
  );
});

test('under the stock runtime the health endpoints answer, and SIGTERM ends the process with 0', async () => {
  await using ledger = await startUnderRuntime('http://127.0.0.1:1');
  for (const path of ['/health/liveness', '/health/readiness']) {
    const { status, body } = await send(`${ledger.url}${path}`, { method: 'GET' });
    assert.deepEqual([status, body], [200, 'OK']);
  }
  ledger.kill('SIGTERM');
  const { code, signal } = await ledger.exited;
  assert.deepEqual([code, signal], [0, null]);
});

test('without a Pushgateway the runtime does not start the function', async () => {
  await assert.rejects(
    startFunction({ K_SERVICE: 'restart-ledger' }, program),
    /no Pushgateway is configured; set PUSHGATEWAY_URL/,
  );
});
