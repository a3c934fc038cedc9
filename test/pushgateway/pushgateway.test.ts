import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { GroupingKey } from '../../lib/metrics/grouping-key.ts';
import {
  createPushgateway,
  type Pushgateway,
  type PushgatewayOptions,
} from '../../lib/pushgateway/pushgateway.ts';
import { closedPort } from '../helpers/closed-port.ts';
import {
  answering,
  disconnecting,
  held,
  neverAnswering,
  stallingMidAnswer,
  startHttpStub,
} from '../helpers/http-stub.ts';
import { listenAnywhere } from '../helpers/listen.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { storedRecords } from '../helpers/stored-records.ts';

const key: GroupingKey = [
  ['job', 'pod_monitor'],
  ['pod', 'web-0'],
];
const path = '/metrics/job/pod_monitor/pod/web-0';

type Limits = Partial<
  Pick<PushgatewayOptions, 'timeoutMilliseconds' | 'gatheringMilliseconds' | 'connections'>
>;

async function withClient(
  url: string,
  work: (client: Pushgateway) => Promise<unknown>,
  limits: Limits = {},
): Promise<void> {
  const client = createPushgateway({
    url: new URL(url),
    timeoutMilliseconds: 5000,
    connections: 4,
    ...limits,
  });
  await work(client);
  await client.close();
}

test('a push is a POST of the text to the group below the base URL, with its credentials', async () => {
  await using stub = await startHttpStub();
  const base = stub.url.replace('http://', 'http://user:p%40ss@');
  await withClient(`${base}/api/v1/import/prometheus/`, (client) => client.push(key, 'a 1\n'));
  const [request] = stub.requests;
  assert.deepEqual(
    [request?.method, request?.path, request?.body, request?.headers['content-type']],
    ['POST', `/api/v1/import/prometheus${path}`, 'a 1\n', 'text/plain; version=0.0.4; charset=utf-8'],
  );
  assert.equal(request?.headers.authorization, `Basic ${Buffer.from('user:p@ss').toString('base64')}`);
});

for (const status of [200, 202, 204]) {
  test(`${status} is success`, async () => {
    await using stub = await startHttpStub(answering(status));
    await withClient(stub.url, (client) => client.push(key, 'a 1\n'));
    assert.equal(stub.requests.length, 1);
  });
}

const refusals: readonly (readonly [
  status: number,
  headers: Readonly<Record<string, string>>,
  kind: string,
  message: string,
])[] = [
  [
    302,
    { location: 'https://b/' },
    'gateway-refused',
    '302 (so it is); set PUSHGATEWAY_URL to where it points (https://b/)',
  ],
  [
    400,
    {},
    'gateway-refused',
    '400 (so it is); check that PUSHGATEWAY_URL is the base URL of a Pushgateway, and read its reason',
  ],
  [
    401,
    {},
    'gateway-refused',
    '401 (so it is); set PUSHGATEWAY_USERNAME and PUSHGATEWAY_PASSWORD_FILE, or PUSHGATEWAY_CREDENTIALS_FILE, to credentials that it accepts',
  ],
  [
    404,
    {},
    'gateway-refused',
    '404 (so it is); check that PUSHGATEWAY_URL is the base URL of a Pushgateway, and read its reason',
  ],
  [429, {}, 'gateway-unavailable', '429 (so it is); retry it'],
  [500, {}, 'gateway-unavailable', '500 (so it is); retry it'],
  [503, {}, 'gateway-unavailable', '503 (so it is); retry it'],
];

for (const [status, headers, kind, message] of refusals) {
  test(`${status} is ${kind}, with the gateway's reason`, async () => {
    await using stub = await startHttpStub(answering(status, ' so\n it is\n', headers));
    await withClient(stub.url, (client) =>
      assert.rejects(client.push(key, 'a 1\n'), {
        kind,
        message: `pushing to ${stub.url}${path}: the gateway answered ${message}`,
      }),
    );
    assert.equal(stub.requests.length, 1);
  });
}

test('a long reason is truncated', async () => {
  await using stub = await startHttpStub(answering(400, 'x'.repeat(100_000)));
  await withClient(stub.url, (client) =>
    assert.rejects(client.push(key, ''), (error) => error instanceof Error && error.message.length < 1500),
  );
});

test('no message holds the password', async () => {
  await using closed = await closedPort();
  const url = closed.url.replace('//', '//user:hunter2@');
  await withClient(url, (client) =>
    assert.rejects(client.push(key, 'a 1\n'), (error) => !String(error).includes('hunter2')),
  );
});

test('no message shows the credentials that a gateway echoes, whole, decoded or cut', async () => {
  await using stub = await startHttpStub((response, { headers }) => {
    const authorization = String(headers.authorization);
    const decoded = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    response.writeHead(400).end(`${authorization} is ${decoded}; ${'x'.repeat(940)} ${authorization}`);
  });
  const url = stub.url.replace('//', '//user:hunter2%20hunter3@');
  await withClient(url, (client) =>
    assert.rejects(client.push(key, 'a 1\n'), {
      message: `pushing to ${stub.url}${path}: the gateway answered 400 (Basic *** is user:***; ${'x'.repeat(940)} Basic ***); check that PUSHGATEWAY_URL is the base URL of a Pushgateway, and read its reason`,
    }),
  );
});

test('no message shows the credentials in the place that a redirect leads to', async () => {
  await using stub = await startHttpStub((response) => {
    response.writeHead(301, { location: 'https://user:hunter2@other/' }).end();
  });
  await withClient(stub.url.replace('//', '//user:hunter2@'), (client) =>
    assert.rejects(client.push(key, 'a 1\n'), {
      message: `pushing to ${stub.url}${path}: the gateway answered 301; set PUSHGATEWAY_URL to where it points (https://user:***@other/)`,
    }),
  );
});

test('an unreachable gateway is unavailable', async () => {
  await using closed = await closedPort();
  await withClient(closed.url, (client) =>
    assert.rejects(client.push(key, 'a 1\n'), {
      kind: 'gateway-unavailable',
      message: `pushing to ${closed.url}${path}: connect ECONNREFUSED ${new URL(closed.url).host}; check PUSHGATEWAY_URL and that the Pushgateway runs`,
    }),
  );
});

for (const [sentence, behaviour] of [
  ['does not answer', neverAnswering],
  ['stops in the middle of its answer', stallingMidAnswer],
] as const) {
  test(`a gateway that ${sentence} is unavailable after the timeout`, async () => {
    await using stub = await startHttpStub(behaviour);
    await withClient(
      stub.url,
      (client) =>
        assert.rejects(client.push(key, 'a 1\n'), {
          kind: 'gateway-unavailable',
          message: `pushing to ${stub.url}${path}: no answer within 100 ms; look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT`,
        }),
      { timeoutMilliseconds: 100 },
    );
  });
}

test('a gateway that accepts a connection and never speaks TLS is unavailable after the timeout', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  const url = `https://127.0.0.1:${await listenAnywhere(silent)}`;
  const client = createPushgateway({ url: new URL(url), timeoutMilliseconds: 100, connections: 1 });
  const start = performance.now();
  await assert.rejects(client.push(key, 'a 1\n'), {
    message: `pushing to ${url}${path}: no answer within 100 ms; look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT`,
  });
  // Otherwise it would take until undici gives up connecting.
  assert.ok(performance.now() - start < 8000);
  for (const socket of sockets) socket.destroy();
  silent.close();
  await client.close();
});

test('what is stored may be read for longer than a push may take', async () => {
  const released = Promise.withResolvers<void>();
  await using stub = await startHttpStub(held(released.promise, answering(200, 'up 1\nup 2\n')));
  await withClient(
    stub.url,
    async (client) => {
      const reading = Array.fromAsync(client.lines('/metrics'));
      await assert.rejects(client.push(key, 'a 1\n'), { message: /: no answer within 100 ms;/ });
      await assert.rejects(Array.fromAsync(client.lines('/api/v1/status')), {
        message: `reading ${stub.url}/api/v1/status: no answer within 100 ms; look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT`,
      });
      released.resolve();
      assert.deepEqual((await reading).flat(), ['up 1', 'up 2']);
    },
    { timeoutMilliseconds: 100 },
  );
});

for (const [timeoutMilliseconds, gatheringMilliseconds] of [
  [100, 200],
  [200, 100],
] as const) {
  test(`reading what is stored fails after the longer limit: ${timeoutMilliseconds} ms of a push, ${gatheringMilliseconds} ms of a read`, async () => {
    await using stub = await startHttpStub(neverAnswering);
    await withClient(
      stub.url,
      (client) =>
        assert.rejects(Array.fromAsync(client.lines('/metrics')), {
          kind: 'gateway-unavailable',
          message: `reading ${stub.url}/metrics: no answer within 200 ms; look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT`,
        }),
      { timeoutMilliseconds, gatheringMilliseconds },
    );
  });
}

test('the wait for a free connection counts towards the timeout', async () => {
  await using stub = await startHttpStub(neverAnswering);
  await withClient(
    stub.url,
    async (client) => {
      const pushes = Array.from({ length: 40 }, () => client.push(key, 'a 1\n'));
      for (const { status } of await Promise.allSettled(pushes)) assert.equal(status, 'rejected');
    },
    { timeoutMilliseconds: 100, connections: 1 },
  );
  // Otherwise each push would have a timeout of its own on the one connection.
  assert.ok(stub.requests.length < 20);
});

test('as many pushes are in flight as there are connections, and no more', async () => {
  const held: ServerResponse[] = [];
  let most = 0;
  // Nothing is answered before three pushes have arrived, so fewer in flight would time out.
  await using stub = await startHttpStub((response) => {
    most = Math.max(most, held.push(response));
    if (held.length === 3) for (const waiting of held.splice(0)) waiting.writeHead(200).end();
  });
  await withClient(
    stub.url,
    (client) => Promise.all(Array.from({ length: 48 }, () => client.push(key, 'a 1\n'))),
    { connections: 3 },
  );
  assert.deepEqual([stub.requests.length, most], [48, 3]);
});

test("a push over a broken connection is retried once, and a second failure is left to the broker's retry", async () => {
  await using stub = await startHttpStub(disconnecting);
  await withClient(stub.url, async (client) => {
    await assert.rejects(client.push(key, 'a 1\n'), { kind: 'gateway-unavailable' });
    assert.equal(stub.requests.length, 2);
    stub.behave((response, request) => {
      stub.behave(answering(200));
      disconnecting(response, request);
    });
    await client.push(key, 'a 1\n');
    assert.equal(stub.requests.length, 4);
  });
});

test('the real Pushgateway reads every grouping key as it was meant', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway();
  const unusualKey: GroupingKey = [
    ['job', 'a/b'],
    ['empty', ''],
    ['dots', '..'],
    ['text', 'a b%c?d#é+"\\'],
  ];
  await withClient(gateway.url, (client) => client.push(unusualKey, 'pod_monitor_x 1\n'));
  assert.deepEqual(await storedRecords(gateway.url), [
    'pod_monitor_x{dots="..",empty="",instance="",job="a/b",text="a b%c?d#é+\\"\\\\"} 1',
  ]);
});
