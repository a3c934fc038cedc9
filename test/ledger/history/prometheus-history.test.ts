import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusHistory } from '../../../lib/ledger/history/prometheus-history.ts';
import { exposition } from '../../../lib/metrics/exposition.ts';
import { metricFamilies } from '../../../lib/metrics/families.ts';
import { groupingKey } from '../../../lib/metrics/grouping-key.ts';
import { createPushgateway } from '../../../lib/pushgateway/pushgateway.ts';
import type { Restart } from '../../../lib/restarts/restart.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';
import { startBackfilledPrometheus } from '../../helpers/backfilled-prometheus.ts';
import { eventually } from '../../helpers/eventually.ts';
import { prometheusAt } from '../../helpers/prometheus-at.ts';
import { queryInstant } from '../../helpers/prometheus-query.ts';
import {
  missing,
  startPrometheus,
  startPushgateway,
  startVictoriaMetrics,
} from '../../helpers/real-services.ts';

const day = 86_400;
const now = Math.floor(Date.now() / 1000);
const families = metricFamilies.filter(({ byDefault }) => byDefault);
const grouping = { job: 'pod_monitor', groupingLabels: [['cluster', 'eu-1']] } as const;
const skip = missing('prometheus') || missing('promtool') || missing('prometheus-pushgateway');

/** The records do not have when the container ran again. */
function endedAt(finishedAt: number, more: Partial<Restart> = {}): Restart {
  return { ...knownRestart, startedAt: finishedAt - 3725, finishedAt, restartedAt: undefined, ...more };
}

function historyOf(url: string, { retentionSeconds = 7 * day, onProgress = (_part: number) => {} } = {}) {
  return prometheusHistory(prometheusAt(url), {
    timeoutMilliseconds: 60_000,
    retentionSeconds,
    nowSeconds: () => Date.now() / 1000,
    onProgress,
  });
}

async function push(url: string, restarts: readonly Restart[]): Promise<void> {
  const gateway = createPushgateway({ url: new URL(url), timeoutMilliseconds: 30_000, connections: 8 });
  for (const restart of restarts)
    await gateway.push(groupingKey(restart, grouping), exposition(restart, families));
  await gateway.close();
}

const recent = endedAt(now - 1200);
/** Pushed now, and so days after the restart: by a reconcile or a replay. */
const late = endedAt(now - 3 * day, { ordinal: 3, reason: 'Error', exitCode: 1 });
const old = endedAt(now - 20 * day, { pod: 'old', ordinal: 1 });
const older = endedAt(now - 40 * day, { pod: 'older', ordinal: 1 });
const endUnknown: Restart = { ...lostRestart, ordinal: 6, restartedAt: now - 600 };
const unknown: Restart = { ...lostRestart, ordinal: 7 };

test('scraped, late, backfilled and undated records are read from a real Prometheus, each once', {
  skip,
}, async () => {
  await using gateway = await startPushgateway();
  await push(gateway.url, [recent, late, endUnknown, unknown]);
  // Backfilled too: the same restart under two series.
  await using prometheus = await startBackfilledPrometheus([older, old, recent], { scrapes: gateway.url });
  await eventually(async () => {
    const groups = await queryInstant(prometheus.url, 'push_time_seconds');
    assert.equal(groups.length, 4);
  });
  const parts: number[] = [];
  const history = historyOf(prometheus.url, { onProgress: (part) => parts.push(part) });
  assert.equal(history.description, `Prometheus ${prometheus.url}`);
  assert.deepEqual(await history.read({ since: undefined, until: undefined }), [
    unknown,
    old,
    late,
    recent,
    endUnknown,
  ]);
  assert.equal(parts.at(-1), 1);
  const within = (since: number | undefined, until: number | undefined) => history.read({ since, until });
  assert.deepEqual(await within(now - 60 * day, undefined), [older, old, late, recent, endUnknown]);
  assert.deepEqual(await within(now - 1200, undefined), [recent, endUnknown]);
  assert.deepEqual(await within(now - 1199, now - 600), [endUnknown]);
  assert.deepEqual(await within(now - 4 * day, now - 2 * day), [late]);
  assert.deepEqual(await within(undefined, now - 2 * day), [old, late]);
  assert.deepEqual(await within(now + 1000, undefined), []);
});

test('records that a scrape without honor_labels has renamed are read', { skip }, async () => {
  await using gateway = await startPushgateway();
  await push(gateway.url, [recent]);
  await using prometheus = await startPrometheus({ scrapes: gateway.url, honorLabels: false });
  await eventually(async () => {
    const read = await historyOf(prometheus.url).read({ since: now - day, until: undefined });
    assert.deepEqual(read, [recent]);
  });
});

test('a day that a Prometheus cannot answer at once is asked for by the hour and the minute', {
  skip,
}, async () => {
  const restarts = [0, 1, 2, 3, 4, 5].map((ordinal) =>
    endedAt(now - 5 * day + ordinal * 700, { ordinal: ordinal + 1 }),
  );
  await using prometheus = await startBackfilledPrometheus(restarts, { flags: ['--query.max-samples=2'] });
  const read = () => historyOf(prometheus.url).read({ since: now - 6 * day, until: undefined });
  assert.deepEqual(await read(), restarts);
  await using strict = await startBackfilledPrometheus(
    [endedAt(now), endedAt(now, { ordinal: 6 }), endedAt(now, { ordinal: 7 })],
    { flags: ['--query.max-samples=2'] },
  );
  await assert.rejects(historyOf(strict.url).read({ since: now - 60, until: undefined }), {
    message: `querying ${strict.url}: it cannot answer for a single minute: it answered 422 (query processing would load too many samples into memory in query execution); raise the limits of its queries`,
  });
});

test('records are read from a real VictoriaMetrics, to which they were pushed', {
  skip: missing('victoria-metrics'),
}, async () => {
  await using store = await startVictoriaMetrics({ flags: ['-search.latencyOffset=0s'] });
  await push(`${store.url}/api/v1/import/prometheus`, [recent, endUnknown]);
  await eventually(async () => {
    const read = await historyOf(store.url).read({ since: now - day, until: undefined });
    assert.deepEqual(read, [recent, endUnknown]);
  });
});
