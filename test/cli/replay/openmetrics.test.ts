import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { eventsLine, killedAt, lost } from '../../fixtures/killed-pods.ts';
import { containerStatus, podObject } from '../../fixtures/pods.ts';
import { runCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { queryPrometheus } from '../../helpers/prometheus-query.ts';
import { missing, type RealService, startPrometheus, startPushgateway } from '../../helpers/real-services.ts';
import { storedSeries } from '../../helpers/series.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-openmetrics-');
const programs = missing('prometheus') || missing('promtool') || missing('prometheus-pushgateway');
const day = 86_400;
const now = Math.floor(Date.now() / 1000);

function rfc3339(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** A Prometheus with nothing but the blocks that promtool makes of the file. */
async function prometheusOn(file: string): Promise<RealService> {
  const kept = mkdtempSync(join(tmpdir(), 'backfilled-'));
  const data = join(kept, 'data');
  await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, data]);
  return await startPrometheus({ folder: kept, flags: ['--storage.tsdb.retention.time=100y'] });
}

test('a Prometheus on the blocks that promtool makes answers with every restart at its own time', {
  skip: programs,
}, async () => {
  const times = [now - 600, now - 3 * 3600, now - 3 * 3600 + 1, now - 7 * day, now - 89 * day];
  const seen = [...times, ...times].map((seconds) => JSON.stringify(killedAt(seconds)));
  const input = folder.write('pods.ndjson', [...seen, JSON.stringify(lost)].join('\n'));
  const output = join(folder.path, 'restarts.om');
  assert.deepEqual(await runCommand(['replay', input, '--openmetrics', output]), {
    code: 0,
    stdout: '11 records read: 11 written (6 restarts), 0 without a restart, 0 of another kind, 0 refused\n',
    stderr: 'left out: shop/lost checkout #1: the time of its restart is unknown\n',
  });
  await using prometheus = await prometheusOn(output);
  const expected = times.map((seconds) => eventsLine(seconds)).toSorted();
  await eventually(async () => {
    const answer = await queryPrometheus(
      prometheus.url,
      'last_over_time(pod_monitor_container_restart_events[90d])',
    );
    assert.deepEqual(answer.toSorted(), expected);
  });
  for (const seconds of times) {
    const metric = `pod_monitor_container_restart_events{restart_id="5_${seconds}"}`;
    assert.match(
      (await queryPrometheus(prometheus.url, `timestamp(${metric})`, seconds)).join(),
      new RegExp(` ${seconds}$`),
    );
    assert.deepEqual(await queryPrometheus(prometheus.url, metric, seconds - 1), []);
  }
});

test('two restarts may be years apart', {
  skip: programs,
}, async () => {
  const times = [now - 12 * 365 * day, now - 5 * 365 * day, now - 3600];
  const input = folder.write(
    'far.ndjson',
    times.map((seconds) => JSON.stringify(killedAt(seconds))).join('\n'),
  );
  const output = join(folder.path, 'far.om');
  assert.equal((await runCommand(['replay', input, '--openmetrics', output])).code, 0);
  await using prometheus = await prometheusOn(output);
  await eventually(async () => {
    const answer = await queryPrometheus(
      prometheus.url,
      'last_over_time(pod_monitor_container_restart_events[13y])',
    );
    assert.deepEqual(answer.toSorted(), times.map((seconds) => eventsLine(seconds)).toSorted());
  });
});

test('all families have in the blocks the very labels and values that a Pushgateway gives them', {
  skip: programs,
}, async () => {
  const times = [now - 3600, now - 3 * day];
  const crashing = podObject({
    metadata: { name: 'bare', ownerReferences: [] },
    spec: { nodeName: null },
    status: {
      containerStatuses: [
        containerStatus({
          state: { waiting: {} },
          image: '',
          lastState: { terminated: { exitCode: -1, finishedAt: rfc3339(now - 60), reason: 'a, {b}' } },
        }),
      ],
    },
  });
  const input = folder.write(
    'all.json',
    JSON.stringify([...times.map((seconds) => killedAt(seconds)), crashing]),
  );
  const output = join(folder.path, 'all.om');
  const settings = { METRICS: 'all', JOB: 'a$$b', GROUPING_LABELS: 'cluster=$&eu' };
  await using gateway = await startPushgateway();
  for (const target of [
    ['--openmetrics', output],
    ['--pushgateway', gateway.url],
  ]) {
    assert.equal((await runCommand(['replay', input, ...target], settings)).code, 0);
  }
  const pushed = (await storedSeries(gateway.url, 'a$$b')).filter((line) => line.startsWith('pod_monitor_'));
  assert.equal(pushed.length, 3 * 5 + 2 * 19);
  await using prometheus = await prometheusOn(output);
  await eventually(async () => {
    const answer = await queryPrometheus(prometheus.url, 'last_over_time({__name__=~"pod_monitor_.+"}[90d])');
    assert.deepEqual(answer.toSorted(), pushed);
  });
});

test('with only restarts without a time the file is still complete', async () => {
  const input = folder.write('lost.json', JSON.stringify(lost));
  const output = join(folder.path, 'lost.om');
  assert.equal((await runCommand(['replay', input, '--openmetrics', output])).code, 0);
  const lines = readFileSync(output, 'utf8').split('\n');
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('# TYPE') && !line.startsWith('# HELP')),
    ['# EOF', ''],
  );
});

test('a file that cannot be written is invalid usage', async () => {
  const { code, stderr } = await runCommand([
    'replay',
    'examples/sidecar.json',
    '--openmetrics',
    '/no/such/folder/x',
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /writing \/no\/such\/folder\/x: ENOENT.*; name a file that can be written/);
});
