import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { containerFlags } from '../helpers/container-flags.ts';
import { eventually } from '../helpers/eventually.ts';
import { queryPrometheus } from '../helpers/prometheus-query.ts';
import { missing, startPrometheus, startPushgateway } from '../helpers/real-services.ts';
import { listAt, textAt, valueAt } from '../helpers/value-at.ts';

const flags = containerFlags('deploy/components/pushgateway/stateful-set.yaml', [
  '--web.listen-address',
  '--persistence.file',
]);

test('the Pushgateway, started as its manifest says, checks no push against what it holds and keeps its records', {
  skip: missing('prometheus-pushgateway'),
}, async () => {
  await using first = await startPushgateway({ flags });
  const push = { method: 'POST', body: 'kept 1\n' };
  const { status } = await fetch(`${first.url}/metrics/job/pod_monitor/pod/web-0`, push);
  // A checked push is answered 200.
  assert.equal(status, 202);
  await first.kill('SIGTERM');
  await using second = await startPushgateway({ flags, folder: first.folder });
  const answer = await fetch(`${second.url}/metrics`);
  const lines = (await answer.text()).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.startsWith('kept')),
    ['kept{instance="",job="pod_monitor",pod="web-0"} 1'],
  );
});

test('the rules count the groups of a real Pushgateway that checks no push', {
  skip: missing('prometheus-pushgateway') || missing('prometheus'),
}, async () => {
  await using gateway = await startPushgateway({ flags });
  // Two families are one group, and a group without a metric is none.
  for (const pod of ['web-0', 'web-1', 'web-2'])
    await fetch(`${gateway.url}/metrics/job/pod_monitor/pod/${pod}`, { method: 'POST', body: 'a 1\nb 1\n' });
  await fetch(`${gateway.url}/metrics/job/pod_monitor/pod/web-2`, { method: 'DELETE' });
  const rules: unknown = parse(readFileSync('deploy/prometheus/rules.yaml', 'utf8'));
  const record = listAt(rules, 'groups.0.rules').find(
    (rule) => valueAt(rule, 'record') === 'gateway:push_time_seconds:count',
  );
  await using prometheus = await startPrometheus({ scrapes: gateway.url });
  await eventually(async () => {
    assert.deepEqual(await queryPrometheus(prometheus.url, textAt(record, 'expr')), ['{} 2']);
  });
});
