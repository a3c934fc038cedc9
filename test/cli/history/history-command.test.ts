import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashLoopingPod, restartedPod } from '../../fixtures/pods.ts';
import { startApiServer } from '../../helpers/api-server.ts';
import { runCommand } from '../../helpers/command.ts';
import { runAskedCommand } from '../../helpers/history.ts';
import { missing, startPrometheus, startPushgateway } from '../../helpers/real-services.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('history-');

async function history(...parameters: readonly string[]) {
  return await runAskedCommand(['history', ...parameters]);
}

test('files are shown with their crash loops folded, as of now, and the summary says in which zone', async () => {
  assert.deepEqual(await history('examples'), {
    code: 0,
    stdout: `\
WHEN              WORKLOAD               CONTAINER                WHY              RAN
Fri 08:12  (10h)  reports/report-worker  worker #1                OOMKilled (137)  26h12m
Fri 09:59   (8h)  shop/checkout          checkout ×3              Error (1)        7s each
Fri 11:47   (6h)  reports/report-worker  worker #2                OOMKilled (137)  3h34m
Fri 12:00   (6h)  orders/orders-api      migrate (init) #1        Error (1)        2s
Fri 12:30   (5h)  orders/orders-api      mesh-proxy (sidecar) #1  Error (143)      30m
Fri 13:05   (5h)  data/ledger-db         postgres #1              Error (2)        54h5m
Fri 14:20   (4h)  data/ledger-db         postgres #1              Error (2)        20m
4 workloads, 9 restarts, 2 out of memory · times in UTC
`,
    stderr: '',
  });
});

test('times are local ones', async () => {
  const parameters = ['history', '--since', '13:00', '--until', '14:00', 'examples'];
  const { stdout } = await runAskedCommand(parameters, { TZ: 'Europe/Berlin' });
  assert.equal(
    stdout,
    `\
WHEN             WORKLOAD           CONTAINER                WHY          RAN
Fri 13:00  (6h)  orders/orders-api  migrate (init) #1        Error (1)    2s
Fri 13:30  (5h)  orders/orders-api  mesh-proxy (sidecar) #1  Error (143)  30m
1 workload, 2 restarts · times in CET
`,
  );
});

const selections: readonly (readonly [options: readonly string[], containers: readonly string[]])[] = [
  [
    ['--since', '6h'],
    ['mesh-proxy (sidecar) #1', 'postgres #1', 'postgres #1'],
  ],
  [
    ['-n', 'data,orders', '--reason', 'Error', '--container', 'm*'],
    ['migrate (init) #1', 'mesh-proxy (sidecar) #1'],
  ],
  [
    ['--workload', 'deployment/checkout', '--all'],
    ['checkout #1', 'checkout #2', 'checkout #3'],
  ],
  [
    ['--pod', 'ledger-db-0', '-A', '-n', 'shop'],
    ['postgres #1', 'postgres #1'],
  ],
  [['-l', 'app=report-worker'], []],
  [
    ['-l', 'pod-template-hash=6c9f7b8d4'],
    ['worker #1', 'worker #2'],
  ],
];

for (const [options, containers] of selections)
  test(`history ${options.join(' ')} shows what it names`, async () => {
    const { code, stdout } = await history(...options, 'examples');
    const cells = stdout.split('\n').map((line) => line.split(/ {2,}(?! *\(\d)/)[2] ?? '');
    assert.deepEqual([code, cells.slice(1, -2)], [0, containers]);
  });

test('restarts are counted, and so many of the largest counts are shown', async () => {
  assert.equal(
    (await history('--by', 'node', 'examples')).stdout,
    `\
NODE      RESTARTS                        LAST            WHY
worker-1         4  ████████████████████  Fri 14:20 (4h)  Error 2, OOMKilled 2
worker-2         3  ███████████████       Fri 10:00 (8h)  Error
worker-3         2  ██████████            Fri 12:30 (5h)  Error
9 restarts · times in UTC
`,
  );
  assert.equal(
    (await history('--top', '1', 'examples')).stdout,
    `\
WORKLOAD       RESTARTS                        LAST            WHY
shop/checkout         3  ████████████████████  Fri 10:00 (8h)  Error
9 restarts · 3 more with 6 restarts · times in UTC
`,
  );
  assert.equal(
    (await history('--by', 'reason', '-o', 'csv', 'examples')).stdout,
    `\
reason,restarts,last,reasons
Error,7,2026-11-20T14:20:08Z,"{""Error"":7}"
OOMKilled,2,2026-11-20T11:47:03Z,"{""OOMKilled"":2}"
`,
  );
});

test('restarts before and after a time are compared', async () => {
  const compared = [
    '--since',
    '2026-11-20',
    '--until',
    '2026-11-20 18:30',
    '--compare',
    '2026-11-20 12:00',
    'examples',
  ];
  assert.equal(
    (await history(...compared)).stdout,
    `\
WORKLOAD               WHY           BEFORE      AFTER  CHANGE  IMAGES
data/ledger-db         Error              0  2 (7.4/d)  new     postgres:17.6
orders/orders-api      Error              0  2 (7.4/d)  new     migrate:9.0.1, proxy:1.27.4
shop/checkout          Error      3 (6.0/d)          0  gone    checkout:2.14.0
reports/report-worker  OOMKilled  2 (4.0/d)          0  gone    worker:5.1.3
before 2026-11-20 12:00:00 UTC: 5 restarts in 12h (10/d)
after: 4 restarts in 6h30m (15/d)
`,
  );
  const { stdout } = await history(...compared, '-o', 'json');
  const [first = ''] = stdout.split('\n');
  assert.deepEqual(JSON.parse(first), {
    workload: 'data/ledger-db',
    reason: 'Error',
    before: { restarts: 0, perDay: 0, images: [] },
    after: { restarts: 2, perDay: 7.385, images: ['registry.example.com/data/postgres:17.6'] },
    comparedAt: '2026-11-20T12:00:00Z',
  });
});

test('the forms for programs have every field', async () => {
  const oom = ['--reason', 'OOMKilled', '--until', '09:00', 'examples'];
  const json: unknown = JSON.parse((await history(...oom, '-o', 'json')).stdout);
  const yaml = (await history(...oom, '-o', 'yaml')).stdout;
  assert.ok(json !== null && typeof json === 'object' && 'startedAt' in json);
  assert.equal(json.startedAt, '2026-11-19T06:00:04Z');
  assert.equal(
    yaml,
    Object.entries(json)
      .map(([field, value], index) => `${index === 0 ? '- ' : '  '}${field}: ${value}\n`)
      .join(''),
  );
  const csv = (await history(...oom, '-o', 'csv')).stdout.split('\n');
  assert.deepEqual(csv[0]?.split(','), Object.keys(json));
  assert.deepEqual(csv[1]?.split(','), Object.values(json).map(String));
});

test('as HTML they are one page, of which the source is said', async () => {
  const { code, stdout } = await history('-n', 'orders', '-o', 'html', 'examples/sidecar.json');
  assert.equal(code, 0);
  assert.match(stdout, /^<!doctype html>\n[\s\S]*the file examples\/sidecar\.json[\s\S]*<\/html>\n+$/);
  assert.ok(stdout.length < 300_000, `${stdout.length} characters`);
});

test('a record that is refused is reported, the others are shown, and the exit code says so', async () => {
  const path = folder.write('mixed.ndjson', `${JSON.stringify(crashLoopingPod())}\n{"terminated":\n`);
  const { code, stdout, stderr } = await history(path);
  assert.equal(code, 1);
  assert.match(stdout, /\n1 workload, 1 restart · times in UTC\n$/);
  assert.ok(stderr.startsWith(`refused ${path}:2: `), stderr);
});

test('where nothing is found, that is said on standard error', async () => {
  assert.deepEqual(await history('-n', 'none', 'examples/sidecar.json'), {
    code: 0,
    stdout: '',
    stderr: 'no restarts found in the file examples/sidecar.json\n',
  });
});

test('where nothing is found in a range of time, its ends are named', async () => {
  const since = ['--since', '2026-11-21 22:00'];
  const file = 'examples/sidecar.json';
  const open = await history(...since, file);
  assert.equal(open.stderr, `no restarts found in the file ${file}, since 2026-11-21 22:00:00 UTC\n`);
  for (const form of [['--all'], ['--by', 'node']]) {
    const { stderr } = await history(...since, '--until', '2026-11-22', ...form, file);
    const range = 'since 2026-11-21 22:00:00 until 2026-11-22 00:00:00 UTC';
    assert.equal(stderr, `no restarts found in the file ${file}, ${range}\n`);
  }
});

test('without a receiver the cluster is read, by the options of kubectl, and it is said what it cannot show', async () => {
  await using cluster = await startApiServer();
  cluster.put(crashLoopingPod());
  cluster.put(restartedPod(['cart'], { name: 'cart-0', uid: 'uid-cart' }));
  cluster.put(restartedPod(['web'], { name: 'web-0', uid: 'uid-web', namespace: 'web' }));
  const onlyNewest =
    'only the newest restart of each container, since the cluster keeps no others; all that are recorded: --prometheus URL or --pushgateway URL\n';
  const options = ['--kubeconfig', cluster.kubeconfig(), '-n', 'shop'];
  assert.deepEqual(await history(...options), {
    code: 0,
    stdout: `\
WHEN                      WORKLOAD       CONTAINER    WHY              RAN
2025-11-20 10:00  (365d)  shop/checkout  cart #5      OOMKilled (137)  2m
2025-11-20 10:00  (365d)  shop/checkout  checkout #5  Error (1)        2m
1 workload, 2 restarts, 1 out of memory · times in UTC
`,
    stderr: onlyNewest,
  });
  const environment = { KUBECONFIG: cluster.kubeconfig(), NAMESPACES: 'shop' };
  const all = await runAskedCommand(['history', '-A', '-q', '-o', 'csv'], environment);
  assert.deepEqual([all.stdout.split('\n').length, all.stderr], [5, '']);
  const { code, stderr } = await runAskedCommand(['history', '--context', 'other'], environment);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /choosing the context "other": no kubeconfig has it: there are [\w-]+; name one with --context/,
  );
});

test('an option that names a source goes before the environment, and a Prometheus before a Pushgateway', {
  skip: missing('prometheus') || missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway();
  await using prometheus = await startPrometheus({});
  const both = { PROMETHEUS_URL: prometheus.url, PUSHGATEWAY_URL: gateway.url };
  const sourceOf = async (...parameters: readonly string[]) =>
    (await runCommand(['history', ...parameters], both)).stderr;
  assert.equal(await sourceOf(), `no restarts found in Prometheus ${prometheus.url}\n`);
  const fromGateway = `no restarts found in Pushgateway ${gateway.url} (what no sweep has deleted yet)\n`;
  assert.equal(await sourceOf('--pushgateway', gateway.url), fromGateway);
  assert.equal(
    await sourceOf('-n', 'none', 'examples/sidecar.json'),
    'no restarts found in the file examples/sidecar.json\n',
  );
});

test('a server that is no Pushgateway has no history as one', { skip: missing('prometheus') }, async () => {
  await using prometheus = await startPrometheus({});
  assert.deepEqual(await runCommand(['history', '--pushgateway', prometheus.url]), {
    code: 1,
    stdout: '',
    stderr: `restart-ledger: reading the records of ${prometheus.url}: it does not answer as a Pushgateway does; check --pushgateway; a Prometheus or a VictoriaMetrics is read by --prometheus URL\n`,
  });
});

const usage: readonly (readonly [parameters: readonly string[], message: RegExp])[] = [
  [
    ['-l', 'a=b', '--prometheus', 'http://127.0.0.1:1'],
    /Prometheus http:\/\/127\.0\.0\.1:1 does not have the labels of Pods; use --workload/,
  ],
  [['--pushgateway', 'http://x', 'examples'], /more than one is given; give one of them/],
  [['--top', 'many', 'examples'], /"many" is not a number of lines/],
  [['--compare', '1h', '--by', 'node', 'examples'], /--by or --top is given; choose one/],
  [['--compare', '1h', '--since', '30m', 'examples'], /it is not between --since and --until or now/],
  [
    ['--since', '1h', '--until', '2h', 'examples'],
    /the option --until: "2h" is before --since "1h"; exchange them/,
  ],
  [['--compare', 'noon', 'examples'], /the option --compare: "noon" is not a time/],
  [['--all', '--top', '3', 'examples'], /the option --all: .* leave it out/],
  [['--top', '3', '-o', 'html', 'examples'], /a timeline has no counts/],
  [['--by', 'pods', 'examples'], /argument 'pods' is invalid/],
  [['-n', 'Shop'], /--namespace="Shop" is not a list of namespaces/],
];

for (const [parameters, message] of usage)
  test(`invalid usage ends with 2: history ${parameters.join(' ')}`, async () => {
    const { code, stdout, stderr } = await runCommand(['history', ...parameters]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });

test('without anything to read from it is said what to give', async () => {
  const { code, stderr } = await runCommand(['history'], { HOME: folder.path });
  assert.deepEqual(
    [code, stderr],
    [
      1,
      'restart-ledger: looking for recorded restarts: there is no Prometheus, no Pushgateway, no file and no kubeconfig to read them from; give --prometheus URL, --pushgateway URL or files, or set PROMETHEUS_URL or PUSHGATEWAY_URL\n',
    ],
  );
});
