import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { strippedPod } from '../../../lib/kubernetes/objects/stripped-pod.ts';
import { auditEvent } from '../../fixtures/kubectl-output.ts';
import { containerStatus, crashLoopingPod, type JsonObject, podObject } from '../../fixtures/pods.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { startFunction } from '../../helpers/function-process.ts';
import { answering, disconnectingMidAnswer, inSequence, startHttpStub } from '../../helpers/http-stub.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';
import { storedSeries } from '../../helpers/series.ts';
import { storedRecords } from '../../helpers/stored-records.ts';
import { startTcpProxy } from '../../helpers/tcp-proxy.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-receivers-');
const withoutGateway = missing('prometheus-pushgateway');

/** The Pods of the fixtures have restarted long ago. */
const keepingAll = { RETENTION: '0' };

const killed = podObject({ status: { containerStatuses: [containerStatus()] } });

function lines(...values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function pods(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => crashLoopingPod({ name: `pod-${index}` }));
}

test('replaying through the function stores the same as pushing directly', {
  skip: withoutGateway,
}, async () => {
  await using behind = await startPushgateway();
  await using direct = await startPushgateway();
  await using receiver = await startFunction({ PUSHGATEWAY_URL: behind.url });
  const files = ['examples/crash-loop.json', 'examples/sidecar.json', 'examples/statefulset.json'];
  const sent = await runCommand(['replay', ...files, '--to', receiver.url], keepingAll);
  const pushed = await runCommand(['replay', ...files, '--pushgateway', direct.url], keepingAll);
  assert.deepEqual(sent, { ...pushed, stdout: pushed.stdout.replace('recorded', 'sent') });
  assert.equal(pushed.code, 0);
  const stored = await storedRecords(direct.url);
  assert.equal(stored.length, 3 * 7);
  assert.deepEqual(await storedRecords(behind.url), stored);
});

test('a Pod is sent as the API server source sends it, stripped to the fields that are read', async () => {
  await using stub = await startHttpStub(answering(204));
  const path = folder.write('one.json', lines(killed, killed));
  const url = `${stub.url.replace('//', '//us%40er:pass@')}/a/path`;
  assert.deepEqual(await runCommand(['replay', path, '--to', url]), {
    code: 0,
    stdout: '2 records read: 2 sent (1 restart), 0 without a restart, 0 of another kind, 0 refused\n',
    stderr: '',
  });
  const [request, ...more] = stub.requests;
  assert.deepEqual(more, []);
  const { host, connection, 'content-length': length, 'ce-time': time, ...headers } = request?.headers ?? {};
  const own = Object.entries(headers).filter(([name]) => /^(?:ce-|content-type|authorization)/.test(name));
  assert.deepEqual(
    [request?.method, request?.path, JSON.parse(request?.body ?? '')],
    ['POST', '/a/path', strippedPod(killed)],
  );
  assert.deepEqual(Object.fromEntries(own), {
    authorization: `Basic ${Buffer.from('us@er:pass').toString('base64')}`,
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': '8717cf78-7525-485f-a643-7586282e1af1.checkout.5_1763632802.running',
    'ce-source': 'urn:restart-ledger:replay',
    'ce-type': 'dev.knative.apiserver.resource.update',
    'ce-subject': '/apis/v1/namespaces/shop/pods/checkout-7d4b9c6f5-x2x9k',
    'ce-apiversion': 'v1',
    'ce-kind': 'Pod',
    'ce-name': 'checkout-7d4b9c6f5-x2x9k',
    'ce-namespace': 'shop',
  });
});

test('the password of an invalid URL is not shown', async () => {
  const { code, stderr } = await runCommand([
    'replay',
    'examples/sidecar.json',
    '--to',
    'ftp://me:secret@x/',
  ]);
  assert.deepEqual([code, stderr.includes('secret')], [2, false]);
});

// Most of a test is the wait before a retry, so they run at the same time.
suite('a receiver that asks for a retry', { concurrency: true }, () => {
  const path = folder.write('again.json', lines(killed));
  for (const [name, first] of [
    ['answers 503', answering(503)],
    ['breaks off within its answer', disconnectingMidAnswer],
    ['answers 429', answering(429)],
  ] as const) {
    test(`one that ${name} is retried`, async () => {
      await using stub = await startHttpStub(inSequence(first, first, answering(204)));
      const { code, stdout, stderr } = await runCommand(['replay', path, '--to', stub.url]);
      assert.equal(
        stdout,
        '1 record read: 1 sent (1 restart), 0 without a restart, 0 of another kind, 0 refused\n',
      );
      assert.deepEqual([code, stub.requests.length], [0, 3]);
      assert.match(stderr, /^retrying for up to 2m: sending to http:[^\n]+\navailable again after \d+s\n$/);
    });
  }
});

for (const [status, start] of [
  [400, ''],
  [302, 'stopped early: '],
] as const) {
  test(`an event that is answered ${status} is reported, and not retried`, async () => {
    const behaviour = answering(status, 'not\nthis one', { location: '/elsewhere' });
    await using stub = await startHttpStub(behaviour);
    const path = folder.write('refused.json', lines(killed));
    const { code, stdout, stderr } = await runCommand(['replay', path, '--to', stub.url]);
    assert.deepEqual([code, stub.requests.length], [1, 1]);
    assert.equal(
      stdout,
      `${start}1 record read: 0 sent (0 restarts), 0 without a restart, 0 of another kind, 1 refused (${path}:1)\n`,
    );
    assert.equal(
      stderr,
      `refused ${path}:1: sending to ${stub.url}/: it answered ${status} (not this one); read its reason, and send it again\n`,
    );
  });
}

for (const status of [401, 403, 404, 405]) {
  test(`a Pushgateway that answers ${status} ends the replay at once, and its reason is written once`, async () => {
    await using wrong = await startHttpStub(answering(status));
    const path = folder.write('wrong.ndjson', lines(...pods(500)));
    const { code, stderr } = await runCommand(['replay', path, '--pushgateway', wrong.url], keepingAll);
    assert.equal(code, 1);
    const [reason = '', repeats = '', ...more] = stderr.trimEnd().split('\n');
    assert.match(reason, new RegExp(`^refused ${path}:1: pushing to .* answered ${status}; `));
    assert.match(repeats, /^refused \d+ more for the same reason as .*:1$/);
    assert.deepEqual(more, []);
    assert.ok(wrong.requests.length <= 64, `${wrong.requests.length} pushes, of which 64 are made at a time`);
  });
}

test('restarts older than the retention are skipped, with their count and how to keep them', async () => {
  await using gateway = await startHttpStub(answering(200));
  const path = folder.write('old.ndjson', lines(...pods(3)));
  assert.deepEqual(await runCommand(['replay', path, '--pushgateway', gateway.url]), {
    code: 0,
    stdout:
      '3 records read: 0 recorded (0 restarts), 0 without a restart, 3 past retention, 0 of another kind, 0 refused\n',
    stderr:
      'skipped 3 with restarts older than RETENTION, which the next sweep would delete: --openmetrics FILE backfills them into Prometheus, --import URL into VictoriaMetrics, RETENTION=0 records them here\n',
  });
  assert.deepEqual(gateway.requests, []);
});

test('replay waits for a Pushgateway that becomes unreachable in the middle, and everything is stored in the end', {
  skip: withoutGateway,
}, async () => {
  await using first = await startPushgateway();
  await using proxy = await startTcpProxy(first.url);
  await using command = startCommand(
    ['replay', '-', '--pushgateway', proxy.url, '--retry-for', '1h'],
    keepingAll,
  );
  const all = pods(40);
  command.stdin.write(lines(...all.slice(0, 20)));
  await eventually(async () => assert.equal((await storedRecords(first.url)).length, 60));
  await first.kill('SIGTERM');
  proxy.leadTo(undefined);
  command.stdin.end(lines(...all.slice(20)));
  await eventually(() => assert.match(command.stderr(), /^retrying for up to 1h: pushing to /));
  await using again = await startPushgateway({ folder: first.folder });
  proxy.leadTo(again.url);
  const { code, stdout } = await command.ended;
  assert.deepEqual(
    [code, stdout],
    [0, '40 records read: 40 recorded (40 restarts), 0 without a restart, 0 of another kind, 0 refused\n'],
  );
  const names = new Set((await storedRecords(again.url)).map((line) => /,pod="([^"]+)"/.exec(line)?.[1]));
  assert.deepEqual(names, new Set(all.map((_, index) => `pod-${index}`)));
});

test('Ctrl-C while the Pushgateway is unreachable ends the wait, and reports what was not pushed', async () => {
  await using gone = await startHttpStub(answering(503));
  const path = folder.write('gone.ndjson', lines(...pods(3)));
  await using command = startCommand(
    ['replay', path, '--pushgateway', gone.url, '--retry-for', '1h'],
    keepingAll,
  );
  await eventually(() => assert.match(command.stderr(), /^retrying for up to 1h: pushing to /));
  command.kill('SIGINT');
  const { code, stdout } = await command.ended;
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^stopped early: 3 records read: 0 recorded \(0 restarts\), 0 without a restart, 0 of another kind, 3 refused \(/,
  );
});

test('replaying the same audit log twice gives the same store, in any order', {
  skip: withoutGateway,
}, async () => {
  await using gateway = await startPushgateway();
  const events = [
    ...pods(5).map((responseObject) => auditEvent({ responseObject })),
    auditEvent({ responseObject: killed }),
    auditEvent({ responseObject: podObject() }),
    auditEvent({ requestObject: { status: {} } }),
  ];
  const path = folder.write('audit.log', lines(...events));
  const backwards = folder.write('backwards.log', lines(...events.toReversed()));
  const runs: unknown[] = [];
  const stores: unknown[] = [];
  for (const each of [path, path, backwards]) {
    runs.push(await runCommand(['replay', each, '--pushgateway', gateway.url], keepingAll));
    stores.push(await storedSeries(gateway.url, 'pod_monitor'));
  }
  const run = {
    code: 0,
    stdout: '8 records read: 6 recorded (6 restarts), 1 without a restart, 1 of another kind, 0 refused\n',
    stderr: '',
  };
  assert.deepEqual(runs, [run, run, run]);
  assert.deepEqual(stores[1], stores[0]);
  assert.deepEqual(stores[2], stores[0]);
  assert.equal(Array.isArray(stores[0]) && stores[0].length, 6 * 4);
});
