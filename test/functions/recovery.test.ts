import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledged } from '../fixtures/answers.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod, restartedPod } from '../fixtures/pods.ts';
import { eventually } from '../helpers/eventually.ts';
import { startFunction } from '../helpers/function-process.ts';
import { answering, type Behaviour, startHttpStub } from '../helpers/http-stub.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { type Message, send } from '../helpers/send.ts';
import { storedSeries } from '../helpers/series.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

const skip = missing('prometheus-pushgateway');

const containers = ['cart', 'checkout', 'proxy', 'reporter'];
const pods = ['checkout-0', 'checkout-1', 'checkout-2'];
const messages = [
  ...pods.map((name) => binary(podEvent(restartedPod(containers, { name })))),
  binary(podEvent(crashLoopingPod())),
];
const records = pods.length * containers.length + 1;
const everyFamily = { METRICS: 'all' };

/** The store after an uninterrupted function has recorded the events. */
async function expectedStore(): Promise<readonly string[]> {
  await using gateway = await startPushgateway();
  await using ledger = await startFunction({ ...everyFamily, PUSHGATEWAY_URL: gateway.url });
  for (const message of messages) assert.deepEqual(await send(ledger.url, message), acknowledged);
  const series = await storedSeries(gateway.url, 'pod_monitor');
  assert.equal(
    series.filter((line) => line.startsWith('pod_monitor_container_restart_total')).length,
    records,
  );
  return series;
}

test('recording is idempotent: kill -9 in the middle of pushes, and the same events again, give the same store', {
  skip,
}, async () => {
  await using real = await startPushgateway();
  let accepted = 0;
  /** Forwards some pushes; answers the first few of them, drops the answer of one, and drops all others. */
  const dropping: Behaviour = async (response, { path, body }) => {
    if (accepted >= 5) return;
    accepted += 1;
    const answered = accepted < 5;
    await fetch(`${real.url}${path}`, { method: 'POST', body });
    if (answered) answering(200)(response, { method: 'POST', path, headers: {}, body });
  };
  await using between = await startHttpStub(dropping);
  await using killed = await startFunction({ ...everyFamily, PUSHGATEWAY_URL: between.url });
  const lost = messages.map((message) => send(killed.url, message));
  const answers = Promise.allSettled(lost);
  await eventually(() => assert.equal(between.requests.length, records));
  const partly = await eventually(async () => {
    const series = await storedSeries(real.url, 'pod_monitor');
    const totals = series.filter((line) => line.startsWith('pod_monitor_container_restart_total'));
    assert.equal(totals.length, 5);
    return series;
  });
  killed.kill('SIGKILL');
  const { signal } = await killed.exited;
  assert.equal(signal, 'SIGKILL');
  assert.ok((await answers).some(({ status }) => status === 'rejected'));

  await using next = await startFunction({ ...everyFamily, PUSHGATEWAY_URL: real.url });
  for (const message of messages) assert.deepEqual(await send(next.url, message), acknowledged);
  const expected = await expectedStore();
  assert.ok(partly.length < expected.length);
  assert.deepEqual(await storedSeries(real.url, 'pod_monitor'), expected);
});

test('while the Pushgateway is unreachable a broker is answered with Retry-After, and then everything is stored once', {
  skip,
}, async () => {
  await using before = await startPushgateway();
  await using proxy = await startTcpProxy(before.url);
  await using ledger = await startFunction({ ...everyFamily, PUSHGATEWAY_URL: proxy.url });
  const [first = {}] = messages;
  assert.deepEqual(await send(ledger.url, first), acknowledged);
  await before.kill();
  proxy.leadTo(undefined);

  let retryable = 0;
  const retried = messages.map((message) =>
    eventually(async () => {
      const { status, headers } = await send(ledger.url, message);
      if (status === 503 && headers['retry-after'] === '2') retryable += 1;
      assert.equal(status, 204);
    }),
  );
  await eventually(() => assert.ok(retryable >= 2 * messages.length));
  await using after = await startPushgateway({ folder: before.folder });
  proxy.leadTo(after.url);
  await Promise.all(retried);
  assert.deepEqual(await storedSeries(after.url, 'pod_monitor'), await expectedStore());
});

test('the same event sent to several functions concurrently is stored once', { skip }, async () => {
  await using real = await startPushgateway();
  const urls = { ...everyFamily, PUSHGATEWAY_URL: real.url };
  await using one = await startFunction(urls);
  await using other = await startFunction(urls);
  const twice = (message: Message) => [send(one.url, message), send(other.url, message)];
  const answers = await Promise.all([...messages, ...messages.toReversed()].flatMap(twice));
  assert.deepEqual(answers, Array(4 * messages.length).fill(acknowledged));
  assert.deepEqual(await storedSeries(real.url, 'pod_monitor'), await expectedStore());
});
