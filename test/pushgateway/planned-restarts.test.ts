import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { GroupingKey } from '../../lib/metrics/grouping-key.ts';
import { createPushgateway } from '../../lib/pushgateway/pushgateway.ts';
import { eventually } from '../helpers/eventually.ts';
import { answering, inSequence, startHttpStub } from '../helpers/http-stub.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { storedRecords } from '../helpers/stored-records.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

const restarts = 20;
const flags = ['--push.disable-consistency-check'];
const options = { timeoutMilliseconds: 5000, connections: 32 };

function keyOf(number: number): GroupingKey {
  return [
    ['job', 'pod_monitor'],
    ['number', String(number)],
  ];
}

function isAccepted(push: Promise<void>): Promise<boolean> {
  return push.then(
    () => true,
    () => false,
  );
}

async function storedNumbers(url: string): Promise<ReadonlySet<number>> {
  const lines = await storedRecords(url);
  return new Set(lines.map((line) => Number(/number="(\d+)"/.exec(line)?.[1])));
}

test(`nothing that was acknowledged is lost in ${restarts} orderly restarts under load`, {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  let gateway = await startPushgateway({ flags });
  const { folder } = gateway;
  await using proxy = await startTcpProxy(gateway.url);
  const client = createPushgateway({ url: new URL(proxy.url), ...options });
  const acknowledged: number[] = [];
  let started = 0;
  let isEnding = false;
  let isOver = false;

  /** As a broker does: each record until it is acknowledged. */
  async function pushRecords(): Promise<void> {
    while (!isEnding) {
      const number = started++;
      while (!isOver && !(await isAccepted(client.push(keyOf(number), 'pod_monitor_x 1\n')))) {
        await delay(10);
      }
      acknowledged.push(number);
    }
  }

  const load = Array.from({ length: 64 }, pushRecords);
  try {
    for (let restart = 0; restart < restarts; restart += 1) {
      const before = acknowledged.length;
      await eventually(() => assert.ok(acknowledged.length >= before + 200, 'the load goes on'));
      await gateway.kill('SIGTERM');
      gateway = await startPushgateway({ flags, folder });
      proxy.leadTo(gateway.url);
    }
    isEnding = true;
    await Promise.all(load);
    assert.equal(acknowledged.length, started);
    // What is queued last is stored a moment after it is acknowledged.
    await eventually(
      async () => {
        const stored = await storedNumbers(gateway.url);
        assert.deepEqual(
          acknowledged.filter((number) => !stored.has(number)),
          [],
        );
      },
      { within: 10_000 },
    );
  } finally {
    isEnding = true;
    isOver = true;
    await client.close();
    await gateway[Symbol.asyncDispose]();
  }
});

const key = keyOf(1);
const closing = answering(202, '', { connection: 'close' });

test('what a gateway queues and then closes the connection is pushed once more on a new one', async () => {
  await using stub = await startHttpStub(inSequence(answering(202), closing, answering(202)));
  const client = createPushgateway({ url: new URL(stub.url), ...options, connections: 1 });
  await client.push(key, 'a 1\n');
  await client.push(key, 'b 1\n');
  await client.push(key, 'c 1\n');
  await client.close();
  assert.deepEqual(
    stub.requests.map(({ body }) => body),
    ['a 1\n', 'b 1\n', 'b 1\n', 'c 1\n'],
  );
});

test('a push that the second connection does not take is not acknowledged', async () => {
  await using stub = await startHttpStub(inSequence(closing, answering(503)));
  const client = createPushgateway({ url: new URL(stub.url), ...options });
  await assert.rejects(client.push(key, 'a 1\n'), { kind: 'gateway-unavailable', status: 503 });
  await client.close();
});

test('a gateway that takes the second connection too, before it closes its listeners, is asked once more', async () => {
  await using stub = await startHttpStub(inSequence(closing, closing, answering(202)));
  const waits: number[] = [];
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  const client = createPushgateway({ url: new URL(stub.url), ...options, sleep });
  await client.push(key, 'a 1\n');
  await client.close();
  assert.deepEqual({ pushes: stub.requests.length, waits }, { pushes: 3, waits: [500] });
});

test('a server that closes the connection after each answer costs further pushes once, and no error', async () => {
  await using stub = await startHttpStub(closing);
  const client = createPushgateway({ url: new URL(stub.url), ...options, sleep: () => Promise.resolve() });
  for (const text of ['a 1\n', 'b 1\n', 'c 1\n']) await client.push(key, text);
  await client.close();
  assert.deepEqual(
    stub.requests.map(({ body }) => body),
    ['a 1\n', 'a 1\n', 'a 1\n', 'b 1\n', 'c 1\n'],
  );
});

test('a server that has closed each connection, and then keeps one, may stop again', async () => {
  const answers = [closing, closing, closing, answering(202), closing, answering(202)];
  await using stub = await startHttpStub(inSequence(...answers));
  const client = createPushgateway({
    url: new URL(stub.url),
    ...options,
    connections: 1,
    sleep: () => Promise.resolve(),
  });
  for (const text of ['a 1\n', 'b 1\n', 'c 1\n']) await client.push(key, text);
  await client.close();
  assert.deepEqual(
    stub.requests.map(({ body }) => body),
    ['a 1\n', 'a 1\n', 'a 1\n', 'b 1\n', 'c 1\n', 'c 1\n'],
  );
});

test('what is stored when it is answered (200) is pushed once', async () => {
  await using stub = await startHttpStub(answering(200, '', { connection: 'close' }));
  const client = createPushgateway({ url: new URL(stub.url), ...options });
  await client.push(key, 'a 1\n');
  await client.close();
  assert.equal(stub.requests.length, 1);
});
