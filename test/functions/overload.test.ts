import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { acknowledged, problem } from '../fixtures/answers.ts';
import { batched, binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod, podObject } from '../fixtures/pods.ts';
import { eventually } from '../helpers/eventually.ts';
import { startFunction } from '../helpers/function-process.ts';
import { answering, held, startHttpStub } from '../helpers/http-stub.ts';
import { send } from '../helpers/send.ts';

const overloaded = problem('overloaded', {
  operation: 'accepting',
  where: 'the request',
  fact: '1 requests are in flight',
  remedy: 'send it again later, add replicas, or raise MAX_IN_FLIGHT',
});

test('503 while MAX_IN_FLIGHT requests are in flight, and the next request after one has finished is accepted', async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  await using gateway = await startHttpStub(held(release, answering(200)));
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, MAX_IN_FLIGHT: '1' });
  const first = send(ledger.url, binary(podEvent(crashLoopingPod())));
  await eventually(() => assert.equal(gateway.requests.length, 1));

  const nothing = podEvent(podObject());
  assert.deepEqual(await send(ledger.url, binary(nothing)), overloaded);
  assert.deepEqual(await send(ledger.url, batched(nothing)), overloaded);
  for (const path of ['/health/liveness', '/health/readiness', '/metrics']) {
    const { status } = await send(`${ledger.url}${path}`, { method: 'GET' });
    assert.equal(status, 200);
  }

  resolve();
  assert.deepEqual(await first, acknowledged);
  await eventually(async () => assert.deepEqual(await send(ledger.url, binary(nothing)), acknowledged));
});

test('the events of one batch count as one request', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, MAX_IN_FLIGHT: '1' });
  const events = ['a', 'b', 'c'].map((name) => podEvent(crashLoopingPod({ name })));
  assert.deepEqual(await send(ledger.url, batched(...events)), acknowledged);
  assert.equal(gateway.requests.length, 3);
});

test('a request whose sender has disconnected stays in flight until its push has ended', async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  await using gateway = await startHttpStub(held(release, answering(200)));
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, MAX_IN_FLIGHT: '1' });
  const { headers, body } = binary(podEvent(crashLoopingPod()));
  const outgoing = request(ledger.url, { method: 'POST', headers, agent: false });
  outgoing.on('error', () => {}).end(body);
  await eventually(() => assert.equal(gateway.requests.length, 1));
  const { socket } = outgoing;
  assert.ok(socket);
  // The function ends its side of the connection when it has seen that the sender's has ended.
  socket.end();
  await once(socket, 'close');
  assert.deepEqual(await send(ledger.url, binary(podEvent(podObject()))), overloaded);
  resolve();
  await eventually(async () =>
    assert.deepEqual(await send(ledger.url, binary(podEvent(podObject()))), acknowledged),
  );
});
