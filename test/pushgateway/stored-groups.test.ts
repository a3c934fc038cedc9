import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposition } from '../../lib/metrics/exposition.ts';
import { metricFamilies } from '../../lib/metrics/families.ts';
import { groupingKey } from '../../lib/metrics/grouping-key.ts';
import { gatewayStatus } from '../../lib/pushgateway/gateway-status.ts';
import { createPushgateway } from '../../lib/pushgateway/pushgateway.ts';
import { containerOf, readStoredGroups } from '../../lib/pushgateway/stored-groups.ts';
import { knownRestart as restart } from '../fixtures/restart.ts';
import { answering, startHttpStub } from '../helpers/http-stub.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';

const skip = missing('prometheus-pushgateway');
const groupingOptions = { job: 'pod_monitor', groupingLabels: [['cluster', 'eu-1']] } as const;
const options = { timeoutMilliseconds: 5000, connections: 4 };

test('the records with the configured job and grouping labels are read from a real Pushgateway, with their times and families', {
  skip,
}, async () => {
  await using service = await startPushgateway();
  const gateway = createPushgateway({ url: new URL(service.url), ...options });
  const before = Date.now() / 1000;
  const withoutEnd = { ...restart, ordinal: 7, finishedAt: undefined, restartedAt: 1_763_632_900 };
  const unknown = { ...restart, ordinal: 8, finishedAt: undefined, restartedAt: undefined };
  for (const each of [restart, withoutEnd, unknown]) {
    await gateway.push(groupingKey(each, groupingOptions), exposition(each, metricFamilies));
  }
  const others: readonly (readonly (readonly [string, string])[])[] = [
    [['job', 'pod_monitor'], ['cluster', 'us-1'], ...groupingKey(restart, groupingOptions).slice(2)],
    [['job', 'pod_monitor'], ...groupingKey(restart, groupingOptions).slice(2)],
    [...groupingKey(restart, groupingOptions), ['shard', '1']],
    [['job', 'pod_monitor']],
    [['job', 'batch']],
  ];
  for (const key of others) await gateway.push(key, 'batch_done 1\n');
  const stored = await readStoredGroups(gateway.lines('/metrics'), groupingOptions);
  const records = [...stored.records.values()].map(({ path, pushedAt, families, ...record }) => ({
    ...record,
    ...containerOf({ path, pushedAt, families, ...record }),
    families: [...families].map((name) => name.replace('pod_monitor_container_restart_', '')),
    isPushedNow:
      pushedAt !== undefined && pushedAt >= Math.floor(before) && pushedAt <= Math.ceil(Date.now() / 1000),
  }));
  const { namespace, pod, uid, container } = restart;
  const same = { namespace, pod, uid, container, isPushedNow: true };
  assert.deepEqual(
    records.sort((a, b) => a.ordinal - b.ordinal),
    [
      {
        ...same,
        ordinal: 5,
        time: 1_763_632_802,
        families: ['details', 'event', 'events', 'info', 'time', 'total'],
      },
      { ...same, ordinal: 7, time: 1_763_632_900, families: ['details', 'event', 'events', 'info', 'total'] },
      { ...same, ordinal: 8, time: undefined, families: ['details', 'info', 'total'] },
    ],
  );
  assert.equal(stored.others, 4);
  const withoutFamilies = [...stored.records].map(
    ([path, record]) => [path, { ...record, families: new Set() }] as const,
  );
  assert.deepEqual(await readStoredGroups(gateway.lines('/metrics'), groupingOptions, { families: false }), {
    records: new Map(withoutFamilies),
    others: 4,
  });
  assert.equal((await gatewayStatus(gateway))?.flags['web.telemetry-path'], '/metrics');
  for (const path of stored.records.keys()) await gateway.remove(path);
  assert.deepEqual((await readStoredGroups(gateway.lines('/metrics'), groupingOptions)).records, new Map());
  await gateway.close();
});

test('a receiver of pushes that is not a Pushgateway has no status', async () => {
  await using stub = await startHttpStub(answering(204));
  const gateway = createPushgateway({ url: new URL(stub.url), ...options });
  assert.equal(await gatewayStatus(gateway), undefined);
  for (const status of [404, 405]) {
    stub.behave(answering(status, 'unsupported path'));
    assert.equal(await gatewayStatus(gateway), undefined);
  }
  await gateway.close();
});

test('a refusal with another status is an error of the receiver', async () => {
  await using stub = await startHttpStub();
  const gateway = createPushgateway({ url: new URL(stub.url), ...options });
  for (const status of [301, 400, 401, 403]) {
    stub.behave(answering(status));
    await assert.rejects(gatewayStatus(gateway), { kind: 'gateway-refused', status });
  }
  await gateway.close();
});

test('a response that ends early is an error, and not a smaller store', async () => {
  await using stub = await startHttpStub((response) =>
    response.writeHead(200, { 'content-length': '1000' }).write('up 1\n', () => response.destroy()),
  );
  const gateway = createPushgateway({ url: new URL(stub.url), ...options });
  await assert.rejects(readStoredGroups(gateway.lines('/metrics'), groupingOptions), {
    kind: 'gateway-unavailable',
    message: /^reading http:\/\/127\.0\.0\.1:\d+\/metrics: /,
  });
  await gateway.close();
});
