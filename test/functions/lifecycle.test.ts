import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { acknowledged } from '../fixtures/answers.ts';
import { recordedLogLine } from '../fixtures/log-lines.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { eventually } from '../helpers/eventually.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { answering, held, startHttpStub } from '../helpers/http-stub.ts';
import { send } from '../helpers/send.ts';

const crashLoop = binary(podEvent(crashLoopingPod()));

async function closing({ logs }: FunctionProcess): Promise<void> {
  await eventually(() => assert.ok(logs.some(({ msg }) => String(msg).startsWith('closing'))));
}

/** How the process ended, or that it has not long before the 95 s for which it keeps a connection open. */
async function endOf({ exited }: FunctionProcess): Promise<object> {
  const late = delay(60_000, { code: 'still running', signal: null }, { ref: false });
  const { code, signal } = await Promise.race([exited, late]);
  return { code, signal };
}

const endedWell = { code: 0, signal: null };

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} stops accepting, answers the requests in flight, and ends the process with 0`, async () => {
    const { promise: release, resolve } = Promise.withResolvers<void>();
    await using gateway = await startHttpStub(held(release, answering(200)));
    await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
    const answer = send(ledger.url, crashLoop);
    await eventually(() => assert.equal(gateway.requests.length, 1));
    ledger.kill(signal);
    await closing(ledger);
    await eventually(() => assert.rejects(send(ledger.url, crashLoop), { code: 'ECONNREFUSED' }));
    resolve();
    assert.deepEqual(await answer, acknowledged);
    assert.deepEqual(await endOf(ledger), endedWell);
    const { stderr } = await ledger.exited;
    assert.equal(stderr, '');
    assert.deepEqual(ledger.logs, [
      { level: 'info', url: ledger.url, gateway: `${gateway.url}/`, embedded: false, msg: 'listening' },
      { level: 'info', signal, msg: 'closing: answering what is in flight' },
      recordedLogLine,
      { level: 'info', msg: 'closed' },
    ]);
    assert.equal(gateway.requests.length, 1);
  });
}

test('a request whose body is still being sent at SIGTERM is answered', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  const headers = { ...crashLoop.headers, expect: '100-continue' };
  const slow = request(ledger.url, { method: 'POST', headers, agent: false });
  slow.flushHeaders();
  await once(slow, 'continue');
  ledger.kill('SIGTERM');
  await closing(ledger);
  const response = once(slow, 'response');
  slow.end(crashLoop.body);
  const [{ statusCode }] = await response;
  assert.equal(statusCode, 204);
  assert.equal(gateway.requests.length, 1);
  assert.deepEqual(await endOf(ledger), endedWell);
});

test('the keep-alive timeout is longer than that of a proxy in front', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  const { headers } = await fetch(`${ledger.url}/health/liveness`);
  assert.equal(headers.get('keep-alive'), 'timeout=95');
});

test('a keep-alive connection does not delay the shutdown', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  const answer = await fetch(`${ledger.url}/health/liveness`);
  assert.deepEqual([answer.headers.get('connection'), await answer.text()], ['keep-alive', 'OK']);
  ledger.kill('SIGTERM');
  assert.deepEqual(await endOf(ledger), endedWell);
});

test('a connection without any request does not delay the shutdown', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  const { hostname, port } = new URL(ledger.url);
  const silent = connect({ host: hostname, port: Number(port) });
  try {
    await once(silent, 'connect');
    // Connections are accepted in their order, so the silent one has been accepted by the answer to this.
    await send(`${ledger.url}/health/liveness`, { method: 'GET' });
    ledger.kill('SIGTERM');
    assert.deepEqual(await endOf(ledger), endedWell);
  } finally {
    silent.destroy();
  }
});

test('an uncaught error ends the process with another code than 0', async () => {
  const crashOnSignal = "process.once('SIGUSR2', () => { throw new Error('a bug'); });";
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crashOnSignal)}`,
  });
  ledger.kill('SIGUSR2');
  const { code, stderr } = await ledger.exited;
  assert.equal(code, 1);
  assert.match(stderr, /Error: a bug/);
});

test('the health endpoints are OK, whatever the state of the Pushgateway', async () => {
  await using ledger = await startFunction({ PUSHGATEWAY_URL: 'http://127.0.0.1:1' });
  for (const path of ['/health/liveness', '/health/readiness']) {
    assert.deepEqual(await send(`${ledger.url}${path}`, { method: 'GET' }), {
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'OK',
    });
  }
});

test('without PUSHGATEWAY_URL an embedded gateway keeps the records', async () => {
  await using ledger = await startFunction({ EMBEDDED_GATEWAY_ADDRESS: '127.0.0.1:0' });
  assert.deepEqual(await send(ledger.url, crashLoop), acknowledged);
  const [listening] = ledger.logs;
  assert.equal(listening?.['embedded'], true);
  const { body } = await send(`${listening['gateway']}metrics`, { method: 'GET' });
  const totals = String(body)
    .split('\n')
    .filter((line) => line.startsWith('pod_monitor_container_restart_total{'));
  assert.equal(totals.length, 1);
  ledger.kill('SIGTERM');
  assert.deepEqual(await endOf(ledger), endedWell);
});
