import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createLedgerFunction, type LedgerFunction } from '../../functions/ledger-function.ts';
import { readConfig } from '../../lib/config.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod, restartedPod } from '../fixtures/pods.ts';
import { answering, type HttpStub, startHttpStub } from '../helpers/http-stub.ts';

const exporter = new InMemorySpanExporter();
const silent = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

let gateway: HttpStub;
let ledger: LedgerFunction;

before(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  gateway = await startHttpStub();
  const config = readConfig({ PUSHGATEWAY_URL: gateway.url });
  const nowSeconds = () => 0;
  ledger = createLedgerFunction({
    ledger: openLedger(config, { nowSeconds }),
    config,
    nowSeconds,
  });
});

afterEach(() => {
  exporter.reset();
  gateway.behave(answering(200));
});

after(async () => {
  await ledger.shutdown();
  await gateway[Symbol.asyncDispose]();
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${parentId}-01`;

/** A finished span, with the name of its parent where that is one of the function's spans. */
function described(span: ReadableSpan, spans: readonly ReadableSpan[]) {
  const { name, attributes, status, parentSpanContext } = span;
  const parent = spans.find((other) => other.spanContext().spanId === parentSpanContext?.spanId);
  return {
    name,
    parent: parent?.name ?? parentSpanContext?.spanId,
    traceId: span.spanContext().traceId,
    attributes,
    status,
  };
}

function finishedSpans() {
  const spans = exporter.getFinishedSpans();
  return spans.map((span) => described(span, spans));
}

const unset = { code: SpanStatusCode.UNSET };
const handleSpan = {
  name: 'handle',
  parent: parentId,
  traceId,
  attributes: {
    'cloudevents.event_id': 'a6a3a450-6513-470e-a69e-0d37f2a74de4',
    'cloudevents.event_source': 'https://10.96.0.1:443',
    'cloudevents.event_spec_version': '1.0',
    'cloudevents.event_type': 'dev.knative.apiserver.resource.update',
    'cloudevents.event_subject': '/apis/v1/namespaces/shop/pods/checkout-7d4b9c6f5-x2x9k',
  },
  status: unset,
};
const extractSpan = {
  name: 'extract',
  parent: 'handle',
  traceId,
  attributes: {},
  status: unset,
};
const pushSpan = (container: string, reason = 'OOMKilled') => ({
  name: 'push',
  parent: 'handle',
  traceId,
  attributes: {
    'k8s.namespace.name': 'shop',
    'k8s.pod.name': 'checkout-7d4b9c6f5-x2x9k',
    'k8s.pod.uid': '8717cf78-7525-485f-a643-7586282e1af1',
    'k8s.container.name': container,
    'k8s.container.restart_count': 5,
    'k8s.container.status.last_terminated_reason': reason,
    'restart.id': '5_1763632802',
  },
  status: unset,
});

test('an event is handled in spans that join its trace', async () => {
  const event = podEvent(crashLoopingPod(), { traceparent });
  assert.equal(await ledger.handle({ log: silent }, event), undefined);
  assert.deepEqual(finishedSpans(), [extractSpan, pushSpan('checkout', 'Error'), handleSpan]);
});

test('every record is pushed in a span of its own', async () => {
  await ledger.handle({ log: silent }, podEvent(restartedPod(['cart', 'checkout']), { traceparent }));
  const [extract, ...rest] = finishedSpans();
  const containerOf = ({ attributes }: ReturnType<typeof described>) =>
    String(attributes['k8s.container.name']);
  const pushes = rest.slice(0, -1).toSorted((one, other) => (containerOf(one) < containerOf(other) ? -1 : 1));
  assert.deepEqual(
    [extract, ...pushes, rest.at(-1)],
    [extractSpan, pushSpan('cart'), pushSpan('checkout'), handleSpan],
  );
});

test('the spans propagate the tracestate of the event', async () => {
  const tracestate = 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE';
  await ledger.handle({ log: silent }, podEvent(crashLoopingPod(), { traceparent, tracestate }));
  const states = exporter.getFinishedSpans().map((span) => span.spanContext().traceState?.serialize());
  assert.deepEqual(states, [tracestate, tracestate, tracestate]);
});

test('a push that fails is an error on its span and on that of the event', async () => {
  gateway.behave(answering(400, 'inconsistent'));
  const answer = await ledger.handle({ log: silent }, podEvent(crashLoopingPod(), { traceparent }));
  assert.equal(answer?.statusCode, 502);
  const path = gateway.requests.at(-1)?.path;
  const error = {
    code: SpanStatusCode.ERROR,
    message: `pushing to ${gateway.url}${path}: the gateway answered 400 (inconsistent); check that PUSHGATEWAY_URL is the base URL of a Pushgateway, and read its reason`,
  };
  assert.deepEqual(finishedSpans(), [
    extractSpan,
    { ...pushSpan('checkout', 'Error'), status: error },
    { ...handleSpan, status: error },
  ]);
});

test('an invalid Pod is an error on the span of its extraction and on that of the event', async () => {
  await ledger.handle({ log: silent }, podEvent({ kind: 'Pod', apiVersion: 'v1' }, { traceparent }));
  const message =
    'reading metadata.namespace: a missing value is not a DNS label (at most 63 of a-z, 0-9 and -); send the object as the Kubernetes API server writes it';
  const status = { code: SpanStatusCode.ERROR, message };
  assert.deepEqual(finishedSpans(), [
    { ...extractSpan, status },
    { ...handleSpan, status },
  ]);
});

for (const [what, attributes] of Object.entries({
  'without a traceparent': {},
  'with a broken traceparent': { traceparent: '00-xyz' },
})) {
  test(`an event ${what} starts a trace of its own`, async () => {
    await ledger.handle({ log: silent }, podEvent(crashLoopingPod(), attributes));
    const spans = finishedSpans();
    const own = spans.at(-1)?.traceId ?? '';
    assert.notEqual(own, traceId);
    assert.deepEqual(spans, [
      { ...extractSpan, traceId: own },
      { ...pushSpan('checkout', 'Error'), traceId: own },
      { ...handleSpan, traceId: own, parent: undefined },
    ]);
  });
}

test('events that are handled concurrently keep their own traces', async () => {
  const ids = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32));
  const events = ids.map((id) => podEvent(crashLoopingPod(), { id, traceparent: `00-${id}-${parentId}-01` }));
  await Promise.all(events.map((event) => ledger.handle({ log: silent }, event)));
  const namesOf = (id: string) =>
    finishedSpans()
      .filter((span) => span.traceId === id)
      .map(({ name, parent }) => [name, parent]);
  const expected = [
    ['extract', 'handle'],
    ['push', 'handle'],
    ['handle', parentId],
  ];
  assert.deepEqual(ids.map(namesOf), Array(4).fill(expected));
  const eventIds = finishedSpans().flatMap(({ name, traceId: id, attributes }) =>
    name === 'handle' ? [[id, attributes['cloudevents.event_id']]] : [],
  );
  assert.deepEqual(
    eventIds.toSorted(),
    ids.map((id) => [id, id]),
  );
});
