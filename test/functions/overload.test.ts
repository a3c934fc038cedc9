import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
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
  fact: '1 request is in flight',
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

const bodyBytes = 16_384;

/** A batch of one event that is ignored. */
const large = `[${JSON.stringify(podEvent('x', { type: 'com.example.other' }))}]`.padEnd(bodyBytes);

interface Upload {
  readonly outgoing: ClientRequest;
  readonly answer: () =>
    | { readonly status: number | undefined; readonly retryAfter: string | undefined }
    | undefined;
}

/** A request that sends its body but for the last byte. */
function startUpload(url: string): Upload {
  let answer: ReturnType<Upload['answer']>;
  const headers = { ...batched().headers, 'content-length': bodyBytes };
  const outgoing = request(url, { method: 'POST', headers, agent: false }, (incoming) => {
    answer = { status: incoming.statusCode, retryAfter: incoming.headers['retry-after'] };
    incoming.resume();
  });
  outgoing.on('error', () => {}).write(large.slice(0, -1));
  return { outgoing, answer: () => answer };
}

test('503 for bodies beyond MAX_BYTES_IN_FLIGHT, while probes are answered', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    MAX_BODY_BYTES: String(bodyBytes),
    MAX_BYTES_IN_FLIGHT: String(4 * bodyBytes),
  });
  const uploads = Array.from({ length: 24 }, () => startUpload(ledger.url));
  const answers = () => uploads.map(({ answer }) => answer()).filter((answer) => answer !== undefined);
  await eventually(() => assert.equal(answers().length, 20));
  assert.deepEqual(
    answers(),
    Array.from({ length: 20 }, () => ({ status: 503, retryAfter: '2' })),
  );
  assert.equal((await send(`${ledger.url}/health/liveness`, { method: 'GET' })).status, 200);

  for (const { outgoing } of uploads) outgoing.end(large.slice(-1));
  await eventually(() => assert.equal(answers().filter(({ status }) => status === 204).length, 4));
  assert.deepEqual(await send(ledger.url, { ...batched(), body: large }), acknowledged);
});

test('as many slow senders as MAX_IN_FLIGHT allows leave its places to others', async () => {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  const headers = { ...batched().headers, 'content-length': 2, expect: '100-continue' };
  const slow = Array.from({ length: 256 }, () =>
    request(ledger.url, { method: 'POST', headers, agent: false }),
  );
  const started = slow.map((outgoing) => once(outgoing, 'continue'));
  for (const outgoing of slow) outgoing.on('error', () => {}).write('[');
  await Promise.all(started);
  assert.deepEqual(await send(ledger.url, binary(podEvent(podObject()))), acknowledged);
  for (const outgoing of slow) outgoing.destroy();
});
