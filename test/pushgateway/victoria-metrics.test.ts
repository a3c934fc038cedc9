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
import { queryInstant } from '../helpers/prometheus-query.ts';
import { missing, startVictoriaMetrics } from '../helpers/real-services.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

/** What is older than an hour too: each sample has the time of its restart. */
const overItsRetention = overAnHour.map(
  ([query, lines]) => [query.replaceAll('[1h]', '[90d]'), lines] as const,
);

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
  await assertAnswers(first.url, overItsRetention);
  await assertTimes(first.url);
  const known = await sorted(first.url, '{__name__=~"pod_monitor_.+"}');
  assert.equal(known.length, recordedRestarts.length * 3);

  await first.kill('SIGTERM');
  proxy.leadTo(undefined);
  await using second = await startVictoriaMetrics({ flags, folder: first.folder });
  proxy.leadTo(second.url);
  await eventually(() => assertAnswers(second.url, atPresent));
  // Observed again, late, by another replica: nothing is counted twice, samples neither.
  await sendAll(ledger.url);
  await fetch(`${second.url}/internal/force_flush`);
  await assertAnswers(second.url, atPresent);
  await assertAnswers(second.url, overItsRetention);
  await assertTimes(second.url);
  assert.deepEqual(await sorted(second.url, '{__name__=~"pod_monitor_.+"}'), known);
});

/** Each restart is one sample, at the second in which the container ended. */
async function assertTimes(url: string): Promise<void> {
  const restarts = await queryInstant(
    url,
    'sort_desc(tlast_over_time(pod_monitor_container_restart_events[90d]))',
  );
  assert.deepEqual(
    restarts.map(({ values }) => values),
    recordedRestarts.map(({ endedAt }) => [endedAt]),
  );
  const counts = await queryInstant(url, 'count_over_time({__name__=~"pod_monitor_.+"}[90d])');
  assert.deepEqual(
    counts.map(({ values }) => values),
    Array.from({ length: recordedRestarts.length * 3 }, () => [1]),
  );
}

/** Debian's version does not accept pushes in the Pushgateway's format, which came with 1.84. */
async function isTooOld(url: string): Promise<boolean> {
  const push = { method: 'POST', body: 'probe 1\n' };
  const { status } = await fetch(`${url}/api/v1/import/prometheus/metrics/job/probe`, push);
  if (status === 400 && process.env['REQUIRE_REAL_SERVICES'] === '1') {
    throw new Error('this VictoriaMetrics is older than 1.84, and a newer one is required here');
  }
  return status === 400;
}
