import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertAnswers,
  atPresent,
  overAnHour,
  recordedRestarts,
  sendAll,
  sorted,
} from '../fixtures/documented-queries.ts';
import { containerFlags } from '../helpers/container-flags.ts';
import { eventually } from '../helpers/eventually.ts';
import { startFunction } from '../helpers/function-process.ts';
import { missing, startVictoriaMetrics } from '../helpers/real-services.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

const flags = containerFlags('deploy/components/victoria-metrics/stateful-set.yaml', [
  '-httpListenAddr',
  '-storageDataPath',
]);

test('VictoriaMetrics accepts the pushes and answers the documented queries, also after a restart', {
  skip: missing('victoria-metrics'),
}, async (context) => {
  await using first = await startVictoriaMetrics({ flags });
  if (await isTooOld(first.url)) return context.skip('this VictoriaMetrics is older than 1.84');
  await using proxy = await startTcpProxy(first.url);
  await using ledger = await startFunction({ PUSHGATEWAY_URL: `${proxy.url}/api/v1/import/prometheus` });
  await sendAll(ledger.url);
  await eventually(() => assertAnswers(first.url, atPresent));
  await assertAnswers(first.url, overAnHour);
  const known = await sorted(first.url, '{__name__=~"pod_monitor_.+"}');
  assert.equal(known.length, recordedRestarts.length * 3);

  await first.kill('SIGTERM');
  proxy.leadTo(undefined);
  await using second = await startVictoriaMetrics({ flags, folder: first.folder });
  proxy.leadTo(second.url);
  await eventually(() => assertAnswers(second.url, atPresent));
  // Observed again, late, by another replica: nothing is counted twice.
  await sendAll(ledger.url);
  await eventually(async () => {
    assert.deepEqual(
      await sorted(second.url, 'count_over_time(pod_monitor_container_restart_total[1h]) < 2'),
      [],
    );
  });
  await assertAnswers(second.url, atPresent);
  assert.deepEqual(await sorted(second.url, '{__name__=~"pod_monitor_.+"}'), known);
});

/** Debian's version does not accept pushes in the Pushgateway's format, which came with 1.84. */
async function isTooOld(url: string): Promise<boolean> {
  const push = { method: 'POST', body: 'probe 1\n' };
  const { status } = await fetch(`${url}/api/v1/import/prometheus/metrics/job/probe`, push);
  if (status === 400 && process.env['REQUIRE_REAL_SERVICES'] === '1') {
    throw new Error('this VictoriaMetrics is older than 1.84, and a newer one is required here');
  }
  return status === 400;
}
