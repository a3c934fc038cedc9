import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closedPort } from '../../helpers/closed-port.ts';
import { runCommand } from '../../helpers/command.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';
import { storedRecords } from '../../helpers/stored-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The restarts of the examples grow older than the retention. */
const keepingAll = { RETENTION: '0' };

const realInput = '../shared/real-input';
const withoutRealInput = existsSync(realInput) ? false : `${realInput} is not here`;
if (withoutRealInput) process.stderr.write(`SKIPPED, not tested on this machine: ${withoutRealInput}\n`);

test('a Pod list of a 1.31 kubelet shows three restarts, two of them of one container', {
  skip: withoutRealInput,
}, async () => {
  assert.deepEqual(await runCommand(['replay', '--dry-run', `${realInput}/podlist-kubelet-1.31.json`]), {
    code: 0,
    stdout: `\
WHEN                 WORKLOAD                         CONTAINER               WHY            RAN
2025-11-04 19:14:06  kube-system/storage-provisioner  storage-provisioner #1  Error (1)      12s
2025-11-04 19:15:03  scraper/e2e-container-creating   alpine ×2               Completed (0)  0s to 1s
2 workloads, 3 restarts · times in UTC
23 records read: 2 with a restart (3 restarts), 21 without a restart, 0 of another kind, 0 refused
`,
    stderr: '',
  });
});

test('a Pod list of a 1.34 kubelet shows the restart that is not counted yet', {
  skip: withoutRealInput,
}, async () => {
  assert.deepEqual(await runCommand(['replay', '--dry-run', `${realInput}/podlist-kubelet-1.34.json`]), {
    code: 0,
    stdout: `\
WHEN                 WORKLOAD                        CONTAINER  WHY            RAN
2026-01-13 18:40:04  scraper/e2e-container-creating  alpine #3  Completed (0)  0s
1 workload, 1 restart · times in UTC
24 records read: 1 with a restart (1 restart), 23 without a restart, 0 of another kind, 0 refused
`,
    stderr: '',
  });
});

test('as JSON, a restart that many events show is written once, and the summary goes to standard error', async () => {
  const result = await runCommand(['replay', '--dry-run', '-o', 'json', 'examples/crash-loop.json']);
  const crash = {
    namespace: 'shop',
    pod: 'checkout-7d4b9c6f5-x2x9k',
    uid: '8717cf78-7525-485f-a643-7586282e1af1',
    container: 'checkout',
    containerKind: 'container',
    reason: 'Error',
    exitCode: 1,
    node: 'worker-2',
    image: 'registry.example.com/shop/checkout:2.14.0',
    ownerKind: 'ReplicaSet',
    ownerName: 'checkout-7d4b9c6f5',
    workload: 'checkout',
    workloadType: 'deployment',
    ranSeconds: 7,
  };
  assert.deepEqual(
    result.stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
    [
      {
        ...crash,
        ordinal: 1,
        restartId: '1_1795168781',
        startedAt: '2026-11-20T09:59:34Z',
        finishedAt: '2026-11-20T09:59:41Z',
        restartedAt: null,
        downSeconds: null,
        containerId: 'containerd://20b7c7ecdac17d0b0880a52b040c7c5a7cff25e7818d889be45dc3215b7bf69b',
      },
      {
        ...crash,
        ordinal: 2,
        restartId: '2_1795168789',
        startedAt: '2026-11-20T09:59:42Z',
        finishedAt: '2026-11-20T09:59:49Z',
        restartedAt: '2026-11-20T10:00:04Z',
        downSeconds: 15,
        containerId: 'containerd://b6483f69d2e826174411d8b021baa7e9f1c3fa95a16f49f1ecc0ac2c4f602c2f',
      },
      {
        ...crash,
        ordinal: 3,
        restartId: '3_1795168811',
        startedAt: '2026-11-20T10:00:04Z',
        finishedAt: '2026-11-20T10:00:11Z',
        restartedAt: null,
        downSeconds: null,
        containerId: 'containerd://ccdf55264778eefef8fd82bd7a07d077b77d347ed9c646a94b494012ad3e06f2',
      },
    ],
  );
  assert.equal(
    result.stderr,
    '8 records read: 6 with a restart (3 restarts), 2 without a restart, 0 of another kind, 0 refused\n',
  );
  assert.equal(result.code, 0);
});

test('invalid records are reported with file and line, and the rest is read', async () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'web-0', uid: '3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98' },
    status: {
      containerStatuses: [{ name: 'app', restartCount: 1, lastState: { terminated: { exitCode: 'one' } } }],
    },
  };
  const lines = [
    { type: 'MODIFIED', object: { ...object, status: {} } },
    { type: 'MODIFIED', object },
    { apiVersion: 'v1', kind: 'Service' },
  ];
  const broken = file('broken.ndjson', `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"type":\n`);
  const absent = join(folder, 'absent.json');
  const rejects = join(folder, 'rejects.ndjson');
  assert.deepEqual(await runCommand(['replay', '--dry-run', broken, absent, '--rejects', rejects]), {
    code: 1,
    stdout: `4 records read: 0 with a restart (0 restarts), 1 without a restart, 1 of another kind, 3 refused (${absent}, ${broken}:2 object, ${broken}:4)\n`,
    stderr: `\
refused ${absent}: reading ${absent}: ENOENT: no such file or directory, stat '${absent}'; check that the file is there, is whole and may be read
refused ${broken}:2 object: reading status.containerStatuses[0].lastState.terminated.exitCode: "one" is not an int32; send the object as the Kubernetes API server writes it
refused ${broken}:4: parsing the record: Unexpected end of JSON input; send one whole JSON document in UTF-8
`,
  });
  assert.equal(readFileSync(rejects, 'utf8'), `${JSON.stringify(lines[1])}\n{"type":\n`);
});

test('recording in the Pushgateway is idempotent: replaying again changes nothing', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway();
  const command = ['replay', 'examples/oom-kill.json', 'examples/statefulset.json'];
  const first = await runCommand([...command, '--pushgateway', gateway.url], keepingAll);
  const stored = await storedRecords(gateway.url);
  const second = await runCommand(command, {
    ...keepingAll,
    PUSHGATEWAY_URL: gateway.url,
    METRICS: 'default',
  });
  assert.deepEqual(first, {
    code: 0,
    stdout: '13 records read: 9 recorded (4 restarts), 4 without a restart, 0 of another kind, 0 refused\n',
    stderr: '',
  });
  assert.deepEqual(second, first);
  assert.equal(stored.length, 12);
  assert.deepEqual(await storedRecords(gateway.url), stored);
});

test('restarts that could not be pushed are reported and kept, and the exit code says so', async () => {
  await using closed = await closedPort();
  const rejects = join(folder, 'not-pushed.ndjson');
  const parameters = ['replay', 'examples/sidecar.json', '--pushgateway', closed.url, '--retry-for', '300ms'];
  const { code, stdout, stderr } = await runCommand([...parameters, '--rejects', rejects], keepingAll);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^6 records read: 0 recorded \(0 restarts\), 0 without a restart, 0 of another kind, 6 refused/,
  );
  assert.match(stderr, /^retrying for up to 300ms: pushing to http:.*ECONNREFUSED/m);
  assert.match(
    stderr,
    /^refused examples\/sidecar\.json:\d+ data: pushing to .*ECONNREFUSED.*; check --pushgateway and that/m,
  );
  const shown = await runCommand(['replay', '--dry-run', '-o', 'json', rejects]);
  assert.deepEqual(
    shown.stdout.trimEnd().split('\n').length,
    2,
    'what was refused can be replayed from the file of rejects',
  );
});

test('without a receiver, a replay shows what it found, and says how to record it', async () => {
  const howToRecord =
    'shown, and not recorded: --pushgateway URL records them, --to URL sends them to a function, --openmetrics FILE writes them for Prometheus, --import URL imports them into a VictoriaMetrics\n';
  assert.deepEqual(await runCommand(['replay', 'examples/sidecar.json']), {
    code: 0,
    stdout: `\
WHEN                 WORKLOAD           CONTAINER                WHY          RAN
2026-11-20 12:00:05  orders/orders-api  migrate (init) #1        Error (1)    2s
2026-11-20 12:30:22  orders/orders-api  mesh-proxy (sidecar) #1  Error (143)  30m
1 workload, 2 restarts · times in UTC
6 records read: 6 with a restart (2 restarts), 0 without a restart, 0 of another kind, 0 refused
`,
    stderr: howToRecord,
  });
  const { stdout, stderr } = await runCommand(['replay', '-o', 'csv', 'examples/sidecar.json']);
  assert.equal(stdout.split('\n').length, 4);
  assert.ok(stderr.startsWith(howToRecord), stderr);
});

const usage: readonly (readonly [parameters: readonly string[], message: RegExp])[] = [
  [
    ['replay', '-o', 'json', '--pushgateway', 'http://x', 'examples/sidecar.json'],
    /--dry-run is not given; add --dry-run/,
  ],
  [
    ['replay', '--dry-run', '-o', 'xml', 'x'],
    /argument 'xml' is invalid. Allowed choices are table, wide, json, csv, yaml/,
  ],
  [['replay', '--dry-run', '--to', 'http://x', 'x'], /more than one is given; choose one/],
  [['replay', '--to', 'x', 'x'], /--to is not an http or https URL/],
  [
    ['replay', '--dry-run', '--since', 'noon', 'x'],
    /--since: "noon" is not a time; give one such as 2026-11-20, "2026-11-20 08:00", 08:00, today, yesterday, 1\.5h/,
  ],
  [['replay', '--since', 'today', '--until', 'yesterday', 'x'], /"yesterday" is before --since "today"/],
  [['replay', '--dry-run', '-l', 'a b', 'x'], /"a b" is not a label requirement; write it as for kubectl/],
  [['replay', '--dry-run', '--retry-for', 'long', 'x'], /"long" is not a duration; give one such as 30s/],
  [['replay'], /missing required argument 'file'/],
  [['replya'], /unknown command 'replya'/],
];

for (const [parameters, message] of usage) {
  test(`invalid usage ends with 2: ${parameters.join(' ')}`, async () => {
    const { code, stdout, stderr } = await runCommand(parameters);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });
}

test('a Pushgateway that is not a URL ends with 2, and the error names the option and a likely URL', async () => {
  const { code, stderr } = await runCommand([
    'replay',
    'examples/sidecar.json',
    '--pushgateway',
    'localhost:9091',
  ]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'restart-ledger: reading the options: --pushgateway is not an http or https URL without a query (did you mean http://localhost:9091?); correct the command line\n',
  );
});
