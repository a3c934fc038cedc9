import assert from 'node:assert/strict';
import { test } from 'node:test';
import { version } from '../../lib/manifest.ts';
import { podEvent, structured } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { startApiServer } from '../helpers/api-server.ts';
import { closedPort } from '../helpers/closed-port.ts';
import { startCommand } from '../helpers/command.ts';
import { eventually } from '../helpers/eventually.ts';
import { type FunctionProcess, runFunction, startFunction } from '../helpers/function-process.ts';
import { answering, startHttpStub } from '../helpers/http-stub.ts';
import type { ExportedSpan } from '../helpers/otlp.ts';
import type { Environment } from '../helpers/process.ts';
import { send } from '../helpers/send.ts';
import { startTraceReceiver, type TraceReceiver } from '../helpers/trace-receiver.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const sampled = `00-${traceId}-${parentId}-01`;
const notSampled = `00-${traceId}-${parentId}-00`;

/** Exports at once what has ended, and not every five seconds. */
const atOnce = { OTEL_BSP_SCHEDULE_DELAY: '1' };
/** Exports nothing before the process ends. */
const atTheEnd = { OTEL_BSP_SCHEDULE_DELAY: '600000' };

async function record(ledger: FunctionProcess, traceparent?: string): Promise<void> {
  const event = podEvent(crashLoopingPod(), traceparent === undefined ? {} : { traceparent });
  assert.equal((await send(ledger.url, structured(event))).status, 204);
}

/** A function that has recorded one event of this trace, and has ended on SIGTERM. */
async function recordedAndEnded(environment: Environment, traceparent?: string): Promise<void> {
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, ...atTheEnd, ...environment });
  await record(ledger, traceparent);
  ledger.kill('SIGTERM');
  assert.equal((await ledger.exited).code, 0);
}

/** The spans with the name of their parent where that is one of them. */
function described(spans: readonly ExportedSpan[]) {
  return spans.map(({ spanId: _, parentSpanId, ...span }) => ({
    ...span,
    parent: spans.find(({ spanId }) => spanId === parentSpanId)?.name ?? parentSpanId,
  }));
}

const pod = {
  'k8s.namespace.name': 'shop',
  'k8s.pod.name': 'checkout-7d4b9c6f5-x2x9k',
  'k8s.pod.uid': '8717cf78-7525-485f-a643-7586282e1af1',
};
const pushed = {
  ...pod,
  'k8s.container.name': 'checkout',
  'k8s.container.restart_count': 5,
  'k8s.container.status.last_terminated_reason': 'Error',
  'restart.id': '5_1763632802',
};
const handled = {
  'cloudevents.event_id': 'a6a3a450-6513-470e-a69e-0d37f2a74de4',
  'cloudevents.event_source': 'https://10.96.0.1:443',
  'cloudevents.event_spec_version': '1.0',
  'cloudevents.event_type': 'dev.knative.apiserver.resource.update',
  'cloudevents.event_subject': '/apis/v1/namespaces/shop/pods/checkout-7d4b9c6f5-x2x9k',
};
const spansOfTheEvent = [
  { name: 'extract', traceId, attributes: {}, error: '', parent: 'handle' },
  { name: 'push', traceId, attributes: pushed, error: '', parent: 'handle' },
  { name: 'handle', traceId, attributes: handled, error: '', parent: parentId },
];

function only(receiver: TraceReceiver) {
  assert.equal(receiver.exports.length, 1);
  const [first] = receiver.exports;
  assert.ok(first);
  return first;
}

test('one setting has the spans exported as protobuf, at the latest when the process ends', async () => {
  await using receiver = await startTraceReceiver();
  await recordedAndEnded({ OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/collector/` }, sampled);
  const { path, headers, resource, spans } = only(receiver);
  assert.deepEqual([path, headers['content-type']], ['/collector/v1/traces', 'application/x-protobuf']);
  assert.deepEqual(described(spans), spansOfTheEvent);
  assert.deepEqual(
    [resource['service.name'], resource['service.version'], resource['telemetry.sdk.language']],
    ['restart-ledger', version, 'nodejs'],
  );
});

test('the standard variables set encoding, URL, headers, compression and the resource', async () => {
  await using receiver = await startTraceReceiver();
  await recordedAndEnded(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/spans`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_SERVICE_NAME: 'ledger',
      OTEL_RESOURCE_ATTRIBUTES: 'k8s.cluster.name=eu-1,service.name=not-this',
    },
    sampled,
  );
  const { path, headers, resource, spans } = only(receiver);
  assert.deepEqual(
    [path, headers['content-type'], headers['content-encoding'], headers.authorization],
    ['/spans', 'application/json', 'gzip', 'Bearer hunter2'],
  );
  assert.deepEqual(described(spans), spansOfTheEvent);
  assert.deepEqual([resource['service.name'], resource['k8s.cluster.name']], ['ledger', 'eu-1']);
});

test('a push that fails is an error on its span', async () => {
  await using receiver = await startTraceReceiver();
  await using gateway = await startHttpStub(answering(400, 'inconsistent'));
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    ...atOnce,
  });
  await send(ledger.url, structured(podEvent(crashLoopingPod(), { traceparent: sampled })));
  const spans = await eventually(() => {
    const found = receiver.exports.flatMap((received) => received.spans);
    assert.equal(found.length, 3);
    return found;
  });
  const errors = spans.map(({ name, error }) => [
    name,
    /the gateway answered 400 \(inconsistent\)/.test(error),
  ]);
  assert.deepEqual(errors, [
    ['extract', false],
    ['push', true],
    ['handle', true],
  ]);
});

const samplings: readonly (readonly [sentence: string, environment: Environment, traceparent?: string])[] = [
  ['the sampler takes none', { OTEL_TRACES_SAMPLER: 'always_off' }, sampled],
  ['the parent is not sampled', {}, notSampled],
  ['the share of the traces is 0', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }],
  ['the SDK is disabled', { OTEL_SDK_DISABLED: 'TRUE' }, sampled],
  ['the exporter of traces is none', { OTEL_TRACES_EXPORTER: 'none' }, sampled],
];

for (const [sentence, environment, traceparent] of samplings) {
  test(`nothing is exported where ${sentence}`, async () => {
    await using receiver = await startTraceReceiver();
    await recordedAndEnded({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...environment }, traceparent);
    assert.deepEqual(receiver.exports, []);
  });
}

/** The lines of the log about the collector. */
function outageLines(ledger: FunctionProcess) {
  return ledger.logs
    .filter(({ msg }) => /^(?:unavailable|available again)/.test(String(msg)))
    .map(({ seconds: _, failures: __, ...line }) => line);
}

test('a collector that is away costs the spans, one line of the log, and nothing else', async () => {
  await using collector = await closedPort();
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    LOG_LEVEL: 'info',
    ...atOnce,
  });
  for (let event = 0; event < 20; event += 1) await record(ledger, sampled);
  await eventually(() => assert.equal(outageLines(ledger).length, 1));
  for (let event = 0; event < 20; event += 1) await record(ledger, sampled);
  ledger.kill('SIGTERM');
  const { code, stderr } = await ledger.exited;
  assert.deepEqual([code, stderr, gateway.requests.length], [0, '', 40]);
  const port = new URL(collector.url).port;
  assert.deepEqual(outageLines(ledger), [
    {
      level: 'warn',
      kind: 'sink-unavailable',
      reason: `exporting spans to ${collector.url}/v1/traces: connect ECONNREFUSED 127.0.0.1:${port}; check OTEL_EXPORTER_OTLP_ENDPOINT and that the collector runs`,
      msg: 'unavailable: spans are dropped meanwhile',
    },
  ]);
});

test('of many exports that fail in a row one line is written, and one when the collector takes them again', async () => {
  await using receiver = await startTraceReceiver();
  receiver.answer(400);
  await using gateway = await startHttpStub();
  await using ledger = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    LOG_LEVEL: 'info',
    ...atOnce,
  });
  for (let failed = 1; failed <= 3; failed += 1) {
    await record(ledger, sampled);
    await eventually(() => assert.ok(receiver.exports.length >= failed));
  }
  receiver.answer(200);
  await record(ledger, sampled);
  await eventually(() => assert.equal(outageLines(ledger).at(-1)?.['msg'], 'available again'));
  assert.deepEqual(
    outageLines(ledger).map(({ level, msg }) => [level, msg]),
    [
      ['warn', 'unavailable: spans are dropped meanwhile'],
      ['info', 'available again'],
    ],
  );
});

test('a variable that cannot be used is named at the start, and no secret with it', async () => {
  const { code, logs } = await runFunction({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://user:hunter2@collector',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  });
  assert.deepEqual(
    [code, logs],
    [
      1,
      [
        {
          level: 'fatal',
          kind: 'configuration',
          reason:
            'reading the configuration of the traces: OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https URL; OTEL_EXPORTER_OTLP_PROTOCOL="grpc" is not http/protobuf or http/json; correct the environment, or set OTEL_SDK_DISABLED=true, and start again',
          msg: 'not started',
        },
      ],
    ],
  );
});

test('the function continues the trace of a watch that sends it events', async () => {
  await using cluster = await startApiServer();
  await using receiver = await startTraceReceiver();
  await using gateway = await startHttpStub();
  const environment = { RETENTION: '0', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...atOnce };
  await using ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, ...environment });
  await using _watch = startCommand(['watch', '--sink', ledger.url], {
    KUBECONFIG: cluster.kubeconfig(),
    ...environment,
  });
  cluster.put(crashLoopingPod());
  const spans = await eventually(() => {
    const found = receiver.exports.flatMap((received) => received.spans);
    assert.equal(found.length, 4);
    return found;
  });
  assert.equal(new Set(spans.map((span) => span.traceId)).size, 1);
  const parents = described(spans).map(({ name, parent }) => `${name} in ${parent}`);
  assert.deepEqual(parents.toSorted(), [
    'deliver in ',
    'extract in handle',
    'handle in deliver',
    'push in handle',
  ]);
});

test('a watch exports the delivery of each Pod', async () => {
  await using cluster = await startApiServer();
  await using receiver = await startTraceReceiver();
  await using gateway = await startHttpStub();
  await using watch = startCommand(['watch', '--pushgateway', gateway.url], {
    RETENTION: '0',
    KUBECONFIG: cluster.kubeconfig(),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    ...atTheEnd,
  });
  cluster.put(crashLoopingPod());
  await eventually(() => assert.equal(gateway.requests.length, 1));
  watch.kill('SIGTERM');
  assert.equal((await watch.ended).code, 0);
  const spans = described(only(receiver).spans).map(({ name, attributes, parent }) => ({
    name,
    attributes,
    parent,
  }));
  assert.deepEqual(spans, [
    { name: 'push', attributes: pushed, parent: 'deliver' },
    { name: 'deliver', attributes: pod, parent: '' },
  ]);
});
