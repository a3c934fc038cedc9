import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readableRestarts } from '../../../bench/recall/scoring/kube-state-metrics.ts';
import type { InstantQuery, Series } from '../../../bench/recall/scoring/prometheus.ts';
import type { TrueRestart } from '../../../bench/recall/scoring/score.ts';

const metric = { uid: 'u1', container: 'crash' };

/** Answers as a Prometheus does that has scraped these series. */
function prometheus(series: Readonly<Record<string, Series>>): InstantQuery {
  return async (expression) => {
    assert.match(expression, /\{job="kube-state-metrics-15s"\}\[1d\]$/);
    const found = Object.entries(series).find(([name]) => expression.startsWith(`${name}{`));
    return found === undefined ? [] : [found[1]];
  };
}

function restart(endedAt: number, exitCode: number): TrueRestart {
  const run = {
    ...metric,
    ...{ id: 'a', namespace: 'scenarios', pod: 'crash-0', createdAt: 90 },
    ...{ endedAt, exitCode, startedAt: 99, outOfMemory: false },
  };
  return { run, ordinal: 1 };
}

const prefix = 'kube_pod_container_status_last_terminated';
const scraped = {
  [`${prefix}_timestamp`]: {
    metric,
    values: [
      [110, '100'],
      [125, '118'],
    ],
  },
  [`${prefix}_exitcode`]: {
    metric,
    values: [
      [110, '1'],
      [125, '2'],
    ],
  },
  [`${prefix}_reason`]: { metric: { ...metric, reason: 'Error' }, values: [[110, '1']] },
} satisfies Readonly<Record<string, Series>>;

test('a restart is readable when one scrape shows its time, its exit code and its reason', async () => {
  assert.equal(await readableRestarts(prometheus(scraped), 15, [restart(100.4, 1)]), 1);
});

test('a restart is not readable without a reason, with another exit code, or at another time', async () => {
  const restarts = [restart(118.2, 2), restart(100.4, 2), restart(105, 1)];
  assert.equal(await readableRestarts(prometheus(scraped), 15, restarts), 0);
});
