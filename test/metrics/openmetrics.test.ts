import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricFamilies } from '../../lib/metrics/families.ts';
import { openMetrics } from '../../lib/metrics/openmetrics.ts';
import type { Restart } from '../../lib/restarts/restart.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

const grouping = { job: 'pod_monitor', groupingLabels: [['cluster', 'eu "1"\\$&\n']] } as const;
const key =
  'job="pod_monitor",cluster="eu \\"1\\"\\\\$&\\n",namespace="shop",pod="checkout-7d4b9c6f5-x2x9k",uid="8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11",container="checkout"';

function written(restarts: readonly Restart[], ...shortNames: readonly string[]): readonly string[] {
  const families = metricFamilies.filter(({ shortName }) => shortNames.includes(shortName));
  const text = [...openMetrics(restarts, families, grouping)].join('');
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

test('the samples of a family are contiguous, each with the time of its restart', () => {
  const later = { ...knownRestart, ordinal: 6, finishedAt: 1_763_639_999, reason: 'Error{}' };
  assert.deepEqual(written([knownRestart, later], 'total', 'events'), [
    '# HELP pod_monitor_container_restart Always 1: this restart. The sum over restarts is their number.',
    '# TYPE pod_monitor_container_restart counter',
    `pod_monitor_container_restart_total{${key},restart_id="5_1763632802",reason="OOMKilled"} 1 1763632802`,
    `pod_monitor_container_restart_total{${key},restart_id="6_1763639999",reason="Error{}"} 1 1763639999`,
    '# HELP pod_monitor_container_restart_events When the container ended (else when it ran again), in Unix seconds.',
    '# TYPE pod_monitor_container_restart_events gauge',
    `pod_monitor_container_restart_events{${key},restart_id="5_1763632802",reason="OOMKilled",exit_code="137",restart_count="5"} 1763632802 1763632802`,
    `pod_monitor_container_restart_events{${key},restart_id="6_1763639999",reason="Error{}",exit_code="137",restart_count="6"} 1763639999 1763639999`,
    '# EOF',
  ]);
});

test('a histogram has every bucket, its sum and its count at the one time', () => {
  const lines = written([knownRestart], 'time');
  assert.deepEqual(lines.slice(0, 2), [
    '# HELP pod_monitor_container_restart_time Seconds from the end of the container to its next start.',
    '# TYPE pod_monitor_container_restart_time histogram',
  ]);
  assert.equal(lines.length, 2 + 17 + 2 + 1);
  for (const line of lines.slice(2, -1)) {
    assert.match(
      line,
      /^pod_monitor_container_restart_time_(?:bucket\{le="[^"]+",|(?:sum|count)\{)job=.*\} \d+ 1763632802$/,
    );
  }
});

test('a restart without a time is omitted, and one with only the time of its new start is written at that time', () => {
  assert.deepEqual(written([lostRestart, { ...lostRestart, restartedAt: 1_763_632_812 }], 'total'), [
    '# HELP pod_monitor_container_restart Always 1: this restart. The sum over restarts is their number.',
    '# TYPE pod_monitor_container_restart counter',
    `pod_monitor_container_restart_total{${key},restart_id="1_0",reason="ContainerStatusUnknown"} 1 1763632812`,
    '# EOF',
  ]);
});

test('without restarts the file is still complete', () => {
  assert.deepEqual(written([]), ['# EOF']);
});
