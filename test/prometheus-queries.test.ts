import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binary, podEvent } from './fixtures/pod-events.ts';
import { containerStatus, podObject, termination } from './fixtures/pods.ts';
import { eventually } from './helpers/eventually.ts';
import { startFunction } from './helpers/function-process.ts';
import { queryPrometheus } from './helpers/prometheus-query.ts';
import { missing, startPrometheus, startPushgateway } from './helpers/real-services.ts';
import { send } from './helpers/send.ts';
import { seriesLine, storedSeries } from './helpers/series.ts';

/** A restart to record, in Unix seconds. Each container ran for 90 s and was down for 20 s. */
interface Told {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly restartCount: number;
  readonly reason: string;
  readonly exitCode: number;
  readonly endedAt: number;
}

const hour = 3600;
const now = Math.floor(Date.now() / 1000);
const app = { namespace: 'default', pod: 'my-app-xxx', uid: '8717cf78-3d0c-4c2e-a1de-0c6f0e3f7a11' };
const worker = { namespace: 'default', pod: 'worker-0', uid: 'cc0ce2b5-7f1c-4d3a-8f7e-4f3b0a9d2c22' };
const other = { namespace: 'shop', pod: 'checkout-0', uid: '3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98' };

/** The latest first. */
const told: readonly Told[] = [
  { ...worker, restartCount: 1, reason: 'Completed', exitCode: 0, endedAt: now - hour },
  { ...app, restartCount: 3, reason: 'OOMKilled', exitCode: 137, endedAt: now - 2 * hour },
  { ...other, restartCount: 7, reason: 'OOMKilled', exitCode: 137, endedAt: now - 23 * hour },
  { ...app, restartCount: 2, reason: 'OOMKilled', exitCode: 137, endedAt: now - 25 * hour },
  { ...app, restartCount: 1, reason: 'Error', exitCode: 1, endedAt: now - 72 * hour },
];

/** The documented queries over `metric`, and what they answer. */
function queries(
  metric: (name: string, selector?: string) => string,
): readonly [string, readonly string[]][] {
  const events = (holds: (restart: Told) => boolean) => told.filter(holds).map(eventsLine);
  return [
    [metric('events', '{namespace="default"}'), events(({ namespace }) => namespace === 'default')],
    [metric('events', '{pod="my-app-xxx"}'), events(({ pod }) => pod === 'my-app-xxx')],
    [metric('events', '{reason="OOMKilled"}'), events(({ reason }) => reason === 'OOMKilled')],
    [
      metric('details', '{pod="my-app-xxx"}'),
      told.filter(({ pod }) => pod === 'my-app-xxx').map(detailsLine),
    ],
    [`sort_desc(${metric('events')})`, told.map(eventsLine)],
    [`${metric('events')} > (time() - 86400)`, told.slice(0, 3).map(eventsLine)],
    [
      `sum by (namespace, pod, container, reason) (${metric('total')})`,
      [
        seriesLine('', { namespace: 'default', pod: 'worker-0', container: 'app', reason: 'Completed' }, 1),
        seriesLine('', { namespace: 'default', pod: 'my-app-xxx', container: 'app', reason: 'OOMKilled' }, 2),
        seriesLine('', { namespace: 'default', pod: 'my-app-xxx', container: 'app', reason: 'Error' }, 1),
        seriesLine('', { namespace: 'shop', pod: 'checkout-0', container: 'app', reason: 'OOMKilled' }, 1),
      ],
    ],
  ];
}

const atPresent = queries((name, selector = '') => `pod_monitor_container_restart_${name}${selector}`);
const overAnHour = queries(
  (name, selector = '') => `last_over_time(pod_monitor_container_restart_${name}${selector}[1h])`,
);
const everything = 'last_over_time({__name__=~"pod_monitor_.+"}[1h])';

test('Prometheus answers the documented queries, and answers the same after everything else was killed and told again', {
  skip: missing('prometheus') || missing('prometheus-pushgateway'),
}, async () => {
  await using firstGateway = await startPushgateway();
  await using prometheus = await startPrometheus({ scrapes: firstGateway.url });
  await using firstFunction = await startFunction({ PUSHGATEWAY_URL: firstGateway.url });
  await sendAll(firstFunction.url);
  await eventually(() => assertAnswers(prometheus.url, atPresent));
  const stored = await storedSeries(firstGateway.url, 'pod_monitor');
  const known = await sorted(prometheus.url, everything);
  assert.equal(known.length, told.length * 3);

  firstFunction.kill('SIGKILL');
  await Promise.all([firstFunction.exited, firstGateway.kill('SIGKILL')]);
  await eventually(async () => {
    assert.deepEqual(await sorted(prometheus.url, '{__name__=~"pod_monitor_.+"}'), []);
  });
  await assertAnswers(prometheus.url, overAnHour);

  await using newGateway = await startPushgateway({ port: firstGateway.port });
  assert.deepEqual(await storedSeries(newGateway.url, 'pod_monitor'), []);
  await using newFunction = await startFunction({ PUSHGATEWAY_URL: newGateway.url });
  await sendAll(newFunction.url);
  await eventually(() => assertAnswers(prometheus.url, atPresent));
  await assertAnswers(prometheus.url, overAnHour);
  assert.deepEqual(await sorted(prometheus.url, everything), known);
  assert.deepEqual(await sorted(prometheus.url, 'changes({__name__=~"pod_monitor_.+"}[1h]) > 0'), []);
  assert.deepEqual(await storedSeries(newGateway.url, 'pod_monitor'), stored);
});

async function assertAnswers(
  prometheusUrl: string,
  expected: readonly (readonly [string, readonly string[]])[],
): Promise<void> {
  for (const [query, lines] of expected) {
    // Only a query that sorts has an order to compare.
    const ordered = query.startsWith('sort_desc');
    const answer = ordered ? queryPrometheus(prometheusUrl, query) : sorted(prometheusUrl, query);
    assert.deepEqual(await answer, ordered ? lines : lines.toSorted(), query);
  }
}

async function sorted(prometheusUrl: string, query: string): Promise<readonly string[]> {
  return (await queryPrometheus(prometheusUrl, query)).toSorted();
}

function key({ namespace, pod, uid, restartCount, endedAt }: Told) {
  const restart_id = `${restartCount}_${endedAt}`;
  return { job: 'pod_monitor', namespace, pod, uid, container: 'app', restart_id };
}

function why({ reason, exitCode, restartCount }: Told) {
  return { reason, exit_code: String(exitCode), restart_count: String(restartCount) };
}

function eventsLine(restart: Told): string {
  return seriesLine(
    'pod_monitor_container_restart_events',
    { ...key(restart), ...why(restart) },
    restart.endedAt,
  );
}

function detailsLine(restart: Told): string {
  const labels = {
    ...key(restart),
    ...why(restart),
    finished_time: time(restart.endedAt),
    duration: '1m30s',
    container_type: 'container',
    container_id: `containerd://${restart.endedAt}`,
    node: 'worker-2',
    image: 'app:1.0.0',
    owner_kind: 'ReplicaSet',
    owner_name: 'checkout-7d4b9c6f5',
  };
  return seriesLine('pod_monitor_container_restart_details', labels, 1);
}

/** Sends each restart as it shows in back-off, and once more as it shows when the container runs again. */
async function sendAll(functionUrl: string): Promise<void> {
  for (const { namespace, pod: name, uid, restartCount, reason, exitCode, endedAt } of told.toReversed()) {
    const metadata = { namespace, name, uid };
    const ended = {
      startedAt: time(endedAt - 90),
      finishedAt: time(endedAt),
      containerID: `containerd://${endedAt}`,
    };
    const lastState = { terminated: termination({ reason, exitCode, ...ended }) };
    const backOff = {
      restartCount: restartCount - 1,
      containerID: ended.containerID,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    };
    const running = { restartCount, state: { running: { startedAt: time(endedAt + 20) } } };
    for (const fields of [backOff, running]) {
      const status = containerStatus({ name: 'app', image: 'app:1.0.0', lastState, ...fields });
      const pod = podObject({ metadata, status: { containerStatuses: [status] } });
      const { status: answered } = await send(functionUrl, binary(podEvent(pod)));
      assert.equal(answered, 204);
    }
  }
}

function time(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
