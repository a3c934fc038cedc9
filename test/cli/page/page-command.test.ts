import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObject } from '../../../lib/narrow.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { answering, startHttpStub } from '../../helpers/http-stub.ts';
import type { RunningProcess } from '../../helpers/process.ts';
import { missing, startPrometheus, startPushgateway } from '../../helpers/real-services.ts';
import { examplesRecordedAt, writeShiftedExamples } from '../../helpers/shifted-examples.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('page-');

async function addressOf(command: RunningProcess): Promise<string> {
  return await eventually(() => {
    const [, address = ''] = /timeline +(\S+)\/\n/.exec(command.stdout()) ?? [];
    assert.notEqual(address, '', command.stderr());
    return address;
  });
}

async function restartsAt(url: string): Promise<number> {
  const body: unknown = await (await fetch(`${url}/restarts.json`)).json();
  const timeline = isObject<{ timeline: object }>(body) ? body.timeline : undefined;
  const restarts = isObject<{ restarts: readonly object[] }>(timeline) ? timeline.restarts : undefined;
  return Array.isArray(restarts) ? restarts.length : Number.NaN;
}

test('serves what a Pushgateway stores, read-only, with the policy, and an entity tag that changes with it', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway();
  const record = async (story: string) => {
    const parameters = ['replay', `examples/${story}.json`, '--pushgateway', gateway.url];
    const { code, stderr } = await runCommand(parameters, { RETENTION: '0' });
    assert.equal(code, 0, stderr);
  };
  await record('oom-kill');
  await using command = startCommand(['page', '--pushgateway', gateway.url, '--port', '0']);
  const url = await addressOf(command);
  for (const path of ['/health/liveness', '/health/readiness']) {
    assert.equal((await fetch(url + path)).status, 200);
  }
  const page = await fetch(`${url}/?workload=reports/report-worker`);
  assert.equal(page.status, 200);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(
    policy,
    /^default-src 'none'; script-src 'sha256-[^;]*; style-src 'sha256-[^;]*; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'$/,
  );
  assert.equal((await page.text()).split('<td>OOMKilled').length - 1, 2);

  const first = await fetch(`${url}/restarts.json`);
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(`${url}/restarts.json`, { headers: { 'if-none-match': etag } });
  assert.deepEqual([again.status, await again.text()], [304, '']);
  await record('crash-loop');
  await eventually(async () => {
    const changed = await fetch(`${url}/restarts.json`, { headers: { 'if-none-match': etag } });
    assert.equal(changed.status, 200);
  });
  assert.equal(await restartsAt(url), 5);

  const statuses = await Promise.all(
    ['POST', 'PUT', 'DELETE'].map(async (method) => (await fetch(url, { method })).status),
  );
  assert.deepEqual(statuses, [405, 405, 405]);
  assert.equal((await fetch(`${url}/metrics`)).status, 404);
  command.kill('SIGTERM');
  assert.equal((await command.ended).code, 0);
});

test('serves what a Prometheus has of the last days', {
  skip: missing('prometheus-pushgateway') || missing('prometheus'),
}, async () => {
  await using gateway = await startPushgateway();
  await using prometheus = await startPrometheus({ scrapes: gateway.url });
  const files = writeShiftedExamples(folder.path, Math.floor(Date.now() / 1000) - examplesRecordedAt);
  const { code, stderr } = await runCommand(['replay', ...files, '--pushgateway', gateway.url]);
  assert.equal(code, 0, stderr);
  await using command = startCommand(['page', '--prometheus', prometheus.url, '--port', '0']);
  const url = await addressOf(command);
  await eventually(async () => assert.equal(await restartsAt(url), 9));
});

test('shows an outage of the source, logs its beginning and its end, and is healthy meanwhile', async () => {
  await using source = await startHttpStub(answering(500));
  await using command = startCommand(['page', '--pushgateway', source.url, '--port', '0']);
  const url = await addressOf(command);
  const page = await (await fetch(`${url}/`)).text();
  assert.match(page, /<p id="outage" class="notice" role="status">[^<]*500[^<]*<\/p>/);
  assert.equal((await fetch(`${url}/health/readiness`)).status, 200);
  // What an empty Pushgateway answers: no record, and a status.
  source.behave(answering(200, '{"data": {"build_information": {"version": "1.11.2"}, "flags": {}}}'));
  await eventually(async () => {
    assert.match(
      await (await fetch(`${url}/`)).text(),
      /<p id="outage" class="notice" role="status" hidden><\/p>/,
    );
  });
  const messages = command
    .stderr()
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line).msg);
  assert.deepEqual(messages, ['unavailable: the page shows what was read before', 'available again']);
});

test('without a source, with two, or with a number of days that is none, it says what to give', async () => {
  const results = await Promise.all(
    [
      ['page'],
      ['page', '--prometheus', 'http://a', '--pushgateway', 'http://b'],
      ['page', '--prometheus', 'http://a', '--days', '0'],
    ].map((parameters) => runCommand(parameters)),
  );
  assert.deepEqual(results, [
    {
      code: 2,
      stdout: '',
      stderr:
        'restart-ledger: choosing what the page shows: neither a Prometheus nor a Pushgateway is given; give --prometheus or --pushgateway, or set PROMETHEUS_URL or PUSHGATEWAY_URL\n',
    },
    {
      code: 2,
      stdout: '',
      stderr:
        'restart-ledger: choosing what the history is read from: --prometheus, --pushgateway, --context or --kubeconfig, and files: more than one is given; give one of them\n',
    },
    {
      code: 2,
      stdout: '',
      stderr:
        'restart-ledger: reading the options: --days="0" is not a whole number from 1 to 365; correct the command line\n',
    },
  ]);
});

test('a port that is in use prevents the start, and the error names the options to change', async () => {
  await using other = await startHttpStub();
  const { host, port } = new URL(other.url);
  assert.deepEqual(await runCommand(['page', '--prometheus', other.url, '--port', port]), {
    code: 2,
    stdout: '',
    stderr: `restart-ledger: listening on ${host}: listen EADDRINUSE: address already in use ${host}; give an address that is free by --host and --port, or by HOST and PORT\n`,
  });
});
