import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupingKey } from '../../lib/metrics/grouping-key.ts';
import { createPushgateway, type Pushgateway } from '../../lib/pushgateway/pushgateway.ts';
import { eventually } from '../helpers/eventually.ts';
import { answering, type Behaviour, inSequence, startHttpStub } from '../helpers/http-stub.ts';
import { queryInstant } from '../helpers/prometheus-query.ts';
import { missing, startPushgateway, startVictoriaMetrics } from '../helpers/real-services.ts';
import { storedRecords } from '../helpers/stored-records.ts';

const key: GroupingKey = [['job', 'pod_monitor']];
const [plain, timed] = ['pod_monitor_a 1\n', 'pod_monitor_a 1 1763632802000\n'];
const itsPath = '/api/v1/import/prometheus';

async function withClient(url: string, work: (client: Pushgateway) => Promise<void>): Promise<void> {
  const client = createPushgateway({ url: new URL(url), timeoutMilliseconds: 5000, connections: 4 });
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

function push(client: Pushgateway): Promise<void> {
  return client.push(key, plain, () => timed);
}

/** The texts of so many pushes, one after the other, to a server of this behaviour. */
async function textsPushed(behaviour: Behaviour, path: string, count: number): Promise<readonly string[]> {
  await using stub = await startHttpStub(behaviour);
  await withClient(`${stub.url}${path}`, async (client) => {
    for (let pushed = 0; pushed < count; pushed += 1) await push(client);
  });
  return stub.requests.map(({ body }) => body);
}

const victoriaMetrics = answering(200, '', { 'X-Server-Hostname': 'vm-0' });
const uncheckedPushgateway = answering(202);
const checkedPushgateway: Behaviour = (response, { body }) =>
  body === timed
    ? response.writeHead(400).end('pushed metrics must not have timestamps')
    : response.writeHead(200).end();
const checkedBehindVmauth: Behaviour = (response, request) => {
  response.setHeader('X-Server-Hostname', 'vmauth-0');
  checkedPushgateway(response, request);
};

test('at the path of VictoriaMetrics every push has the time, the first too', async () => {
  assert.deepEqual(await textsPushed(victoriaMetrics, itsPath, 2), [timed, timed]);
  assert.deepEqual(await textsPushed(answering(204), `/vm${itsPath}/`, 2), [timed, timed]);
});

test('below another path, as a proxy maps it, they have it once VictoriaMetrics has answered', async () => {
  assert.deepEqual(await textsPushed(victoriaMetrics, '/gateway', 3), [plain, timed, timed]);
});

test('a push without a time to give has none', async () => {
  await using stub = await startHttpStub(victoriaMetrics);
  await withClient(`${stub.url}${itsPath}`, (client) => client.push(key, plain));
  assert.deepEqual(
    stub.requests.map(({ body }) => body),
    [plain],
  );
});

test('a Pushgateway is sent no time', async () => {
  for (const gateway of [uncheckedPushgateway, checkedPushgateway]) {
    assert.deepEqual(await textsPushed(gateway, '', 2), [plain, plain]);
  }
});

test('a gateway that was taken for VictoriaMetrics is sent the push again without the time, and no further one with it', async () => {
  for (const gateway of [uncheckedPushgateway, checkedPushgateway, checkedBehindVmauth]) {
    assert.deepEqual(await textsPushed(gateway, itsPath, 3), [timed, plain, plain, plain]);
  }
  assert.deepEqual(await textsPushed(checkedBehindVmauth, '', 4), [plain, timed, plain, plain, plain]);
});

test('after an outage the server may be another one', async () => {
  await using stub = await startHttpStub(
    inSequence(uncheckedPushgateway, uncheckedPushgateway, answering(503)),
  );
  await withClient(`${stub.url}${itsPath}`, async (client) => {
    await push(client);
    await assert.rejects(push(client), { kind: 'gateway-unavailable' });
    stub.behave(victoriaMetrics);
    await push(client);
  });
  assert.deepEqual(
    stub.requests.map(({ body }) => body),
    [timed, plain, plain, timed],
  );
});

test('a push that is refused with a time and without is refused', async () => {
  await using stub = await startHttpStub(answering(400, 'cannot parse'));
  await withClient(`${stub.url}${itsPath}`, async (client) => {
    for (let pushed = 0; pushed < 2; pushed += 1)
      await assert.rejects(push(client), { kind: 'gateway-refused' });
  });
  assert.deepEqual(
    stub.requests.map(({ body }) => body),
    [timed, plain, timed, plain],
  );
});

for (const flags of [[], ['--push.disable-consistency-check']]) {
  test(`a real Pushgateway at the path of VictoriaMetrics has every record (${flags.join() || 'checked'})`, {
    skip: missing('prometheus-pushgateway'),
  }, async () => {
    await using gateway = await startPushgateway({ flags, path: itsPath });
    await withClient(gateway.url, push);
    await eventually(async () => {
      assert.deepEqual(await storedRecords(gateway.url), ['pod_monitor_a{instance="",job="pod_monitor"} 1']);
    });
  });
}

test('a real VictoriaMetrics behind a path prefix stores the time of the restart', {
  skip: missing('victoria-metrics'),
}, async () => {
  await using server = await startVictoriaMetrics({ flags: ['-retentionPeriod=100y'], path: '/vm' });
  await withClient(`${server.url}${itsPath}`, push);
  await eventually(async () => {
    const [found] = await queryInstant(server.url, 'timestamp(pod_monitor_a)', 1_763_632_802);
    assert.deepEqual(found?.values, [1_763_632_802]);
  });
});
