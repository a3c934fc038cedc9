import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { acknowledged } from '../fixtures/answers.ts';
import { startApiServer } from '../helpers/api-server.ts';
import { startFunction } from '../helpers/function-process.ts';
import { logLinesOf } from '../helpers/log-lines.ts';
import { missing, startPushgateway } from '../helpers/real-services.ts';
import { type Message, send } from '../helpers/send.ts';
import { storedSeries } from '../helpers/series.ts';

const file = join(import.meta.dirname, '../../../shared/real-input/knative-apiserversource-requests.ndjson');

function missingFile(): string | false {
  if (existsSync(file)) return false;
  const reason = 'the captured requests of the API server source are not here';
  process.stderr.write(`SKIPPED, not tested on this machine: ${reason}\n`);
  return reason;
}

interface Captured extends Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function isCaptured(value: unknown): value is Captured {
  return typeof value === 'object' && value !== null && 'headers' in value && 'body' in value;
}

/** The host belongs to the connection; everything else is sent as it was. */
function capturedRequests(): readonly Captured[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const captured: unknown = JSON.parse(line);
    assert.ok(isCaptured(captured));
    const { host, ...headers } = captured.headers;
    return { headers, body: captured.body };
  });
}

const pod = 'job="pod_monitor",namespace="scraper",pod="e2e-container-creating"';
const uid = 'uid="3c49d5c8-6353-4cd1-b5be-b5fc49dc7f98"';
const key3 = `restart_id="3_1762283703",${uid}`;
const key4 = `restart_id="4_1762283728",${uid}`;
const image = 'image="docker.io/library/alpine:3.22.1"';

/** The restart before stands in `lastState`, the next one in `state`. */
const records = [
  `pod_monitor_container_restart_details{container="alpine",container_id="containerd://0ff6433322c44fce0a0fbd1299e6e0f0ad3551069fdf637d8d0a16f35bd520ee",container_type="container",duration="1s",exit_code="0",finished_time="2025-11-04T19:15:03Z",${image},job="pod_monitor",namespace="scraper",node="datagen-1-31",pod="e2e-container-creating",reason="Completed",restart_count="3",${key3}} 1`,
  `pod_monitor_container_restart_details{container="alpine",container_id="containerd://c8b8ee28ca0a2c1dba5b3c125b95985f080726fb4c95798d513a7992ce76c990",container_type="container",duration="0s",exit_code="0",finished_time="2025-11-04T19:15:28Z",${image},job="pod_monitor",namespace="scraper",node="datagen-1-31",pod="e2e-container-creating",reason="Completed",restart_count="4",${key4}} 1`,
  `pod_monitor_container_restart_events{container="alpine",exit_code="0",${pod},reason="Completed",restart_count="3",${key3}} 1762283703`,
  `pod_monitor_container_restart_events{container="alpine",exit_code="0",${pod},reason="Completed",restart_count="4",${key4}} 1762283728`,
  `pod_monitor_container_restart_total{container="alpine",${pod},reason="Completed",${key3}} 1`,
  `pod_monitor_container_restart_total{container="alpine",${pod},reason="Completed",${key4}} 1`,
  `push_failure_time_seconds{container="alpine",${pod},${key3}} 0`,
  `push_failure_time_seconds{container="alpine",${pod},${key4}} 0`,
];

const type = 'dev.knative.apiserver';
const recorded = ['info', 'recorded'];

test("the API server source's own requests are acknowledged, and give the two records of their Pod", {
  skip: missingFile() || missing('prometheus-pushgateway'),
}, async () => {
  await using gateway = await startPushgateway();
  await using cluster = await startApiServer();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    KUBECONFIG: cluster.kubeconfig(),
  });
  const requests = capturedRequests();
  cluster.put(JSON.parse(requests[0]?.body ?? ''));
  assert.deepEqual(
    requests.map(({ headers }) => headers['ce-type']),
    [
      `${type}.resource.update`,
      `${type}.resource.add`,
      `${type}.resource.delete`,
      `${type}.ref.update`,
      `${type}.ref.delete`,
    ],
  );
  for (let round = 1; round <= 2; round += 1) {
    const lines = await logLinesOf(ledger, async () => {
      for (const request of requests) assert.deepEqual(await send(ledger.url, request), acknowledged);
    });
    assert.deepEqual(
      lines.map(({ level, msg }) => [level, msg]),
      Array.from({ length: 8 }, () => recorded),
    );
    assert.deepEqual(await storedSeries(gateway.url, 'pod_monitor'), records);
  }
});
