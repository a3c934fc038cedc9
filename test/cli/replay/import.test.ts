import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsLine, killedAt, lost } from '../../fixtures/killed-pods.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { containerFlags } from '../../helpers/container-flags.ts';
import { eventually } from '../../helpers/eventually.ts';
import { answering, type Behaviour, startHttpStub } from '../../helpers/http-stub.ts';
import { queryInstant, queryPrometheus } from '../../helpers/prometheus-query.ts';
import {
  missing,
  startPrometheus,
  startPushgateway,
  startVictoriaMetrics,
} from '../../helpers/real-services.ts';
import { startTcpProxy } from '../../helpers/tcp-proxy.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-import-');
const day = 86_400;
const now = Math.floor(Date.now() / 1000);
const importPath = '/api/v1/import/prometheus';
const flags = containerFlags('deploy/components/victoria-metrics/stateful-set.yaml', [
  '-httpListenAddr',
  '-storageDataPath',
]);

/** A file with a Pod of each time. */
function podsKilledAt(name: string, times: readonly number[], others: readonly object[] = []): string {
  const pods = [...times.map((seconds) => killedAt(seconds)), ...others];
  return folder.write(name, pods.map((pod) => JSON.stringify(pod)).join('\n'));
}

/** Takes imports at one path, as VictoriaMetrics answers them. */
function importing(path: string): Behaviour {
  return (response, request) =>
    response.writeHead(request.path === path ? 204 : 404, { 'X-Server-Hostname': 'vm-0' }).end();
}

test('a live VictoriaMetrics answers with every restart at its own time, however often the file is imported', {
  skip: missing('victoria-metrics'),
}, async () => {
  const times = [now - 60, now - 3 * 3600, now - 3 * 3600 + 1, now - 6 * day, now - 30 * day];
  const file = podsKilledAt('pods.ndjson', [...times, ...times], [lost]);
  await using server = await startVictoriaMetrics({ flags, path: '/vm' });

  async function answers(): Promise<readonly unknown[]> {
    await fetch(`${server.url}/internal/force_flush`);
    const sorted = async (query: string) => (await queryPrometheus(server.url, query)).toSorted();
    return [
      await sorted('pod_monitor_container_restart_events'),
      await sorted('last_over_time(pod_monitor_container_restart_events[90d])'),
      await sorted('sum by (reason) (last_over_time(pod_monitor_container_restart_total[90d]))'),
      await sorted('sum(count_over_time(pod_monitor_container_restart_total[90d]))'),
    ];
  }
  const lines = times.map((seconds) => eventsLine(seconds));
  const expected = [lines.slice(0, 4).toSorted(), lines.toSorted(), ['{reason="OOMKilled"} 5'], ['{} 5']];
  for (const url of [server.url, `${server.url}/`, `${server.url}${importPath}`]) {
    assert.deepEqual(await runCommand(['replay', file, '--import', url]), {
      code: 0,
      stdout:
        '11 records read: 11 imported (6 restarts), 0 without a restart, 0 of another kind, 0 refused\n',
      stderr: 'left out: shop/lost checkout #1: the time of its restart is unknown\n',
    });
    assert.deepEqual(await answers(), expected);
  }
  for (const seconds of times) {
    const metric = `pod_monitor_container_restart_events{restart_id="5_${seconds}"}`;
    const [at] = await queryInstant(server.url, `timestamp(${metric})`, seconds);
    assert.deepEqual(at?.values, [seconds]);
    assert.deepEqual(await queryPrometheus(server.url, metric, seconds - 1), []);
  }
});

test('a VictoriaMetrics that is not set to remove duplicates answers with the same values after a second import', {
  skip: missing('victoria-metrics'),
}, async () => {
  const file = podsKilledAt('twice.ndjson', [now - 60, now - 3600]);
  const kept = flags.filter((flag) => !flag.startsWith('-dedup'));
  await using server = await startVictoriaMetrics({ flags: kept });
  for (const _import of ['the first', 'the second']) {
    assert.equal((await runCommand(['replay', file, '--import', server.url])).code, 0);
    await fetch(`${server.url}/internal/force_flush`);
    const value = async (query: string) =>
      (await queryInstant(server.url, query)).map(({ values }) => values);
    assert.deepEqual(await value('sum(pod_monitor_container_restart_total)'), [[2]]);
    assert.deepEqual(await value('count(last_over_time(pod_monitor_container_restart_events[1d]))'), [[2]]);
  }
});

test('what VictoriaMetrics would drop without an error is left out, and said', {
  skip: missing('victoria-metrics'),
}, async () => {
  const file = podsKilledAt('dropped.ndjson', [now - 3600, now - 91 * day, now - 92 * day, now + 3 * day]);
  await using server = await startVictoriaMetrics({ flags });
  const { code, stderr } = await runCommand(['replay', file, '--import', server.url]);
  assert.equal(code, 0);
  assert.deepEqual(stderr.trimEnd().split('\n').toSorted(), [
    'left out 1 more than 2 days ahead, which VictoriaMetrics drops',
    'left out 2 older than the -retentionPeriod of this VictoriaMetrics, 90d: raise it, and import again',
  ]);
  await fetch(`${server.url}/internal/force_flush`);
  const found = await queryPrometheus(
    server.url,
    'last_over_time(pod_monitor_container_restart_events[100y])',
    now + 4 * day,
  );
  assert.deepEqual(found, [eventsLine(now - 3600)]);
});

test('an outage is waited for, and everything is imported', {
  skip: missing('victoria-metrics'),
}, async () => {
  const file = podsKilledAt('outage.ndjson', [now - 60]);
  await using server = await startVictoriaMetrics({ flags });
  await using proxy = await startTcpProxy();
  await using command = startCommand(['replay', file, '--import', proxy.url]);
  await eventually(() => assert.match(command.stderr(), /retrying for up to 2m: importing into/));
  proxy.leadTo(server.url);
  const { code, stdout, stderr } = await command.ended;
  assert.equal(code, 0);
  assert.match(stdout, /^1 record read: 1 imported \(1 restart\)/);
  assert.match(stderr, /available again after \d+s\n$/);
  await fetch(`${server.url}/internal/force_flush`);
  assert.deepEqual(await queryPrometheus(server.url, 'pod_monitor_container_restart_events'), [
    eventsLine(now - 60),
  ]);
});

test('the tenant of a cluster is found by each of its URLs', async () => {
  const file = podsKilledAt('tenant.ndjson', [now - 60]);
  const tenant = '/insert/42:7/prometheus';
  await using vminsert = await startHttpStub(importing(`${tenant}${importPath}`));
  for (const path of ['/insert/42:7', `${tenant}/`, `${tenant}${importPath}`]) {
    assert.equal((await runCommand(['replay', file, '--import', `${vminsert.url}${path}`])).code, 0);
  }
  const imports = vminsert.requests.filter(({ method }) => method === 'POST');
  assert.deepEqual(
    imports.map(({ path }) => path),
    Array(3).fill(`${tenant}${importPath}`),
  );
  const own = `restart_id="5_${now - 60}",reason="OOMKilled"} 1 ${(now - 60) * 1000}\n`;
  assert.ok(imports.every(({ body }) => body.includes(own)));
});

test('many restarts go in few requests, each of bounded size', async () => {
  const times = Array.from({ length: 2000 }, (_, index) => now - index);
  await using server = await startHttpStub(importing(importPath));
  const file = podsKilledAt('many.ndjson', times);
  const { stdout } = await runCommand(['replay', file, '--import', server.url]);
  assert.match(stdout, /^2000 records read: 2000 imported \(2000 restarts\)/);
  const bodies = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
  const sizes = bodies.map((body) => body.match(/^pod_monitor_container_restart_total/gm)?.length ?? 0);
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    2000,
  );
  assert.ok(Math.max(...sizes) <= 64, `the largest has ${Math.max(...sizes)} restarts`);
  assert.ok(bodies.length < 200, `${bodies.length} requests`);
});

test('credentials in the URL are sent, and no message shows them', async () => {
  const file = podsKilledAt('credentials.ndjson', [now - 60]);
  await using server = await startHttpStub(importing(importPath));
  const url = server.url.replace('http://', 'http://user:hunter2@');
  assert.equal((await runCommand(['replay', file, '--import', url])).code, 0);
  assert.deepEqual(
    [...new Set(server.requests.map(({ headers }) => headers.authorization))],
    [`Basic ${Buffer.from('user:hunter2').toString('base64')}`],
  );
  server.behave(answering(401, 'Unauthorized'));
  assert.deepEqual(await runCommand(['replay', file, '--import', url]), {
    code: 1,
    stdout: '',
    stderr: `restart-ledger: importing into ${server.url}${importPath}: it answered 401 (Unauthorized); put a user and a password that it accepts into the URL\n`,
  });
  const { code, stderr } = await runCommand(['replay', file, '--import', 'user:hunter2@vm']);
  assert.deepEqual(
    [code, stderr],
    [
      2,
      'restart-ledger: reading the option --import: it is not an http or https URL without a query; give the base URL of a VictoriaMetrics, as http://victoria-metrics:8428\n',
    ],
  );
});

const tenantAdvice =
  'of the cluster version that of vminsert with the tenant, as http://vminsert:8480/insert/0/prometheus';
const others: readonly (readonly [
  server: string,
  skip: string | false,
  start: () => Promise<{ readonly url: string } & AsyncDisposable>,
  problem: string,
])[] = [
  [
    'a real Pushgateway',
    missing('prometheus-pushgateway'),
    startPushgateway,
    'it is a Pushgateway, which answered 404; it takes no times: record there by --pushgateway URL',
  ],
  [
    'a real Prometheus',
    missing('prometheus'),
    () => startPrometheus({}),
    'it is a Prometheus, which answered 404; it imports no samples while it runs: write a file by --openmetrics FILE for promtool tsdb create-blocks-from openmetrics',
  ],
  [
    'a path of VictoriaMetrics that imports nothing',
    false,
    () => startHttpStub(importing('/another')),
    `it is another path of VictoriaMetrics, which answered 404; give its base URL; ${tenantAdvice}`,
  ],
  [
    'a web server',
    false,
    () => startHttpStub(answering(200, '<h1>Hello</h1>')),
    `it is no VictoriaMetrics: it answered 200 (<h1>Hello</h1>); give the base URL of a VictoriaMetrics; ${tenantAdvice.replace('the cluster', 'its cluster')}`,
  ],
];

for (const [name, skip, start, problem] of others) {
  test(`${name} is refused before anything is read`, { skip }, async () => {
    await using server = await start();
    const file = podsKilledAt('refused.ndjson', [now - 60]);
    assert.deepEqual(await runCommand(['replay', file, '--import', server.url]), {
      code: 2,
      stdout: '',
      stderr: `restart-ledger: importing into ${server.url}${importPath}: ${problem}\n`,
    });
  });
}
