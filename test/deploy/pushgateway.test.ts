import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerFlags } from '../helpers/container-flags.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';

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
