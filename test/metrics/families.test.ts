import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposition } from '../../lib/metrics/exposition.ts';
import { metricFamilies } from '../../lib/metrics/families.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

test('a restart with every field known has all six families', () => {
  assert.equal(
    exposition(knownRestart, metricFamilies),
    `# HELP pod_monitor_container_restart_total Always 1: this restart. The sum over restarts is their number.
# TYPE pod_monitor_container_restart_total counter
pod_monitor_container_restart_total{reason="OOMKilled"} 1

# HELP pod_monitor_container_restart_events When the container ended (else when it ran again), in Unix seconds.
# TYPE pod_monitor_container_restart_events gauge
pod_monitor_container_restart_events{reason="OOMKilled",exit_code="137",restart_count="5"} 1763632802

# HELP pod_monitor_container_restart_details Always 1: the labels describe the restart.
# TYPE pod_monitor_container_restart_details gauge
pod_monitor_container_restart_details{restart_count="5",finished_time="2025-11-20T10:00:02Z",reason="OOMKilled",exit_code="137",duration="2m0s",container_type="container",container_id="containerd://0ff6433322c4",node="worker-2",image="registry.example.com/shop/checkout:2.14.0",owner_kind="ReplicaSet",owner_name="checkout-7d4b9c6f5",workload="checkout",workload_type="deployment"} 1

# HELP pod_monitor_container_restart_event When the container ended (else when it ran again), in Unix seconds, with its container ID.
# TYPE pod_monitor_container_restart_event gauge
pod_monitor_container_restart_event{reason="OOMKilled",exit_code="137",container_id="containerd://0ff6433322c4"} 1763632802

# HELP pod_monitor_container_restart_time Seconds from the end of the container to its next start.
# TYPE pod_monitor_container_restart_time histogram
pod_monitor_container_restart_time_bucket{le="0.005",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="0.01",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="0.025",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="0.05",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="0.1",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="0.25",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="0.5",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="1",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="2.5",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="5",reason="OOMKilled",exit_code="137"} 0
pod_monitor_container_restart_time_bucket{le="10",reason="OOMKilled",exit_code="137"} 1
pod_monitor_container_restart_time_bucket{le="20",reason="OOMKilled",exit_code="137"} 1
pod_monitor_container_restart_time_bucket{le="40",reason="OOMKilled",exit_code="137"} 1
pod_monitor_container_restart_time_bucket{le="80",reason="OOMKilled",exit_code="137"} 1
pod_monitor_container_restart_time_bucket{le="160",reason="OOMKilled",exit_code="137"} 1
pod_monitor_container_restart_time_bucket{le="300",reason="OOMKilled",exit_code="137"} 1
pod_monitor_container_restart_time_bucket{le="+Inf",reason="OOMKilled",exit_code="137"} 1
pod_monitor_container_restart_time_sum{reason="OOMKilled",exit_code="137"} 10
pod_monitor_container_restart_time_count{reason="OOMKilled",exit_code="137"} 1

# HELP pod_monitor_container_restart_info Always 1: the labels give when the container started and ended.
# TYPE pod_monitor_container_restart_info gauge
pod_monitor_container_restart_info{reason="OOMKilled",exit_code="137",finished_at="2025-11-20T10:00:02Z",started_at="2025-11-20T09:58:02Z",restart_count="5"} 1
`,
  );
});

test('what the status does not contain is an empty label or an omitted family, never a guess', () => {
  assert.equal(
    exposition(lostRestart, metricFamilies),
    `# HELP pod_monitor_container_restart_total Always 1: this restart. The sum over restarts is their number.
# TYPE pod_monitor_container_restart_total counter
pod_monitor_container_restart_total{reason="ContainerStatusUnknown"} 1

# HELP pod_monitor_container_restart_details Always 1: the labels describe the restart.
# TYPE pod_monitor_container_restart_details gauge
pod_monitor_container_restart_details{restart_count="1",finished_time="",reason="ContainerStatusUnknown",exit_code="137",duration="",container_type="container",container_id="",node="",image="",owner_kind="",owner_name="",workload="",workload_type=""} 1

# HELP pod_monitor_container_restart_info Always 1: the labels give when the container started and ended.
# TYPE pod_monitor_container_restart_info gauge
pod_monitor_container_restart_info{reason="ContainerStatusUnknown",exit_code="137",finished_at="",started_at="",restart_count="1"} 1
`,
  );
});

test('a reason with quotes, backslashes and line ends is escaped', () => {
  const escapedReason = { ...knownRestart, reason: 'a "b" \\ c\nd' };
  const total = metricFamilies.filter((family) => family.shortName === 'total');
  assert.equal(
    exposition(escapedReason, total).split('\n')[2],
    'pod_monitor_container_restart_total{reason="a \\"b\\" \\\\ c\\nd"} 1',
  );
});

test('a label is cut at 256 characters with a mark, never inside a surrogate pair', () => {
  const total = metricFamilies.filter((family) => family.shortName === 'total');
  const labelOf = (reason: string) =>
    /reason="(.*)"/u.exec(exposition({ ...knownRestart, reason }, total))?.[1];
  const cases = [
    ['a'.repeat(256), 'a'.repeat(256)],
    ['a'.repeat(257), `${'a'.repeat(255)}…`],
    ['a'.repeat(200_000), `${'a'.repeat(255)}…`],
    [`${'a'.repeat(254)}😀b`, `${'a'.repeat(254)}…`],
    [`${'a'.repeat(253)}😀bc`, `${'a'.repeat(253)}😀…`],
    [`${'a'.repeat(254)}😀`, `${'a'.repeat(254)}😀`],
    ['"'.repeat(257), `${'\\"'.repeat(255)}…`],
  ] as const;
  assert.deepEqual(
    cases.map(([reason]) => labelOf(reason)),
    cases.map(([, label]) => label),
  );
});

test('every label with a text of the Pod is cut', () => {
  const long = 'x'.repeat(300);
  const filled = {
    ...knownRestart,
    reason: long,
    image: long,
    containerId: long,
    node: long,
    ownerKind: long,
    ownerName: long,
    workload: long,
    workloadType: long,
  };
  const values = [...exposition(filled, metricFamilies).matchAll(/"(x[^"]*)"/g)].map(([, value]) => value);
  assert.deepEqual(new Set(values), new Set([`${'x'.repeat(255)}…`]));
});
