import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acknowledged } from '../fixtures/answers.ts';
import { recordedLogLine } from '../fixtures/log-lines.ts';
import { batched, binary, podEvent, structured } from '../fixtures/pod-events.ts';
import { containerStatus, crashLoopingPod, podObject, restartedPod } from '../fixtures/pods.ts';
import { type FunctionProcess, type LogLine, startFunction } from '../helpers/function-process.ts';
import { type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import { logLinesOf } from '../helpers/log-lines.ts';
import { type Message, send } from '../helpers/send.ts';

let gateway: HttpStub;
let ledger: FunctionProcess;

before(async () => {
  gateway = await startHttpStub();
  ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
});

after(async () => {
  await ledger[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const group =
  '/metrics/job/pod_monitor/namespace/shop/pod/checkout-7d4b9c6f5-x2x9k/uid/8717cf78-7525-485f-a643-7586282e1af1';
const fifth = `${group}/container/checkout/restart_id/5_1763632802`;

const resource = 'dev.knative.apiserver.resource';
const reference = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'checkout-7d4b9c6f5-x2x9k' };

const crashLooping = crashLoopingPod();
const base64 = Buffer.from(JSON.stringify(crashLooping)).toString('base64');

interface Case {
  readonly message: Message;
  readonly path?: string;
  readonly pushes?: readonly string[];
  readonly logs?: readonly LogLine[];
}

const once = { pushes: [fifth], logs: [recordedLogLine] };

const cases: Readonly<Record<string, Case>> = {
  'a Pod event in binary mode is recorded': { message: binary(podEvent(crashLooping)), ...once },
  'a Pod event in structured mode is recorded': { message: structured(podEvent(crashLooping)), ...once },
  'a Pod event in batched mode is recorded': { message: batched(podEvent(crashLooping)), ...once },
  'an add event is recorded': {
    message: binary(podEvent(crashLooping, { type: `${resource}.add` })),
    pushes: [fifth],
    logs: [recordedLogLine],
  },
  'a delete event is recorded from the last status': {
    message: binary(podEvent(crashLooping, { type: `${resource}.delete` })),
    pushes: [fifth],
    logs: [recordedLogLine],
  },
  'data_base64 in structured mode is recorded': {
    message: structured(podEvent(undefined, { data_base64: base64 })),
    ...once,
  },
  'data that is JSON text in structured mode is recorded': {
    message: structured(podEvent(JSON.stringify(crashLooping))),
    ...once,
  },
  'a charset parameter of UTF-8 is accepted in binary mode': {
    message: binary(podEvent(crashLooping, { datacontenttype: 'application/json; charset="UTF-8"' })),
    ...once,
  },
  'an event without a content type of its data reads as JSON': {
    message: binary(podEvent(crashLooping, { datacontenttype: undefined })),
    ...once,
  },
  'an attribute is percent-decoded in binary mode': {
    message: binary(podEvent(crashLooping, { id: '%e2%82%ac%201' })),
    pushes: [fifth],
    logs: [{ ...recordedLogLine, event: '€ 1' }],
  },
  'a content encoding of identity is accepted': {
    message: {
      ...binary(podEvent(crashLooping)),
      headers: { ...binary(podEvent(crashLooping)).headers, 'content-encoding': 'identity' },
    },
    ...once,
  },
  'every container of a Pod is recorded': {
    message: binary(podEvent(restartedPod(['cart', 'checkout']))),
    pushes: [`${group}/container/cart/restart_id/5_1763632802`, fifth],
    logs: ['cart', 'checkout'].map((container) => ({
      ...recordedLogLine,
      container,
      reason: 'OOMKilled',
      exitCode: 137,
    })),
  },
  'any path takes events': { path: '/some/where', message: binary(podEvent(crashLooping)), ...once },
  'the path of the metrics takes events too': {
    path: '/metrics',
    message: binary(podEvent(crashLooping)),
    ...once,
  },
  'a query does not replace the event': {
    path: '/?cloudevent=x&body=y&log=z',
    message: binary(podEvent(crashLooping)),
    ...once,
  },
  'a Pod without a restart leaves nothing to record': { message: binary(podEvent(podObject())) },
  'a restart count without a termination leaves nothing to record': {
    message: binary(
      podEvent(podObject({ status: { containerStatuses: [containerStatus({ lastState: {} })] } })),
    ),
  },
  'a Pod without a status leaves nothing to record': {
    message: binary(podEvent({ ...podObject(), status: undefined })),
  },
  'an event of a foreign type is ignored': {
    message: binary(podEvent(crashLooping, { type: 'com.example.order.placed' })),
  },
  'an event of a foreign type with a foreign content type is ignored': {
    message: {
      ...binary(podEvent(undefined, { type: 'com.example.image', datacontenttype: 'image/png' })),
      body: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]),
    },
  },
  'an event of a foreign type with a content type of no known form is ignored': {
    message: { ...binary(podEvent({}, { type: 'com.example.order.placed', datacontenttype: 'json' })) },
  },
  'an object of another kind is ignored': {
    message: binary(podEvent({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: {} })),
  },
  'a Pod of another API group is ignored': {
    message: binary(podEvent({ apiVersion: 'metrics.k8s.io/v1beta1', kind: 'Pod' })),
  },
  'a batch of no events is acknowledged': { message: batched() },
  'a reference to a deleted Pod carries nothing to record': {
    message: binary(podEvent(reference, { type: 'dev.knative.apiserver.ref.delete' })),
  },
};

for (const [sentence, { message, path = '/', pushes = [], logs = [] }] of Object.entries(cases)) {
  test(sentence, async () => {
    const earlier = gateway.requests.length;
    const lines = await logLinesOf(ledger, async () => {
      assert.deepEqual(await send(`${ledger.url}${path}`, message), acknowledged);
    });
    const paths = gateway.requests.slice(earlier).map((request) => request.path);
    assert.deepEqual(paths.toSorted(), pushes);
    assert.deepEqual(lines, logs);
  });
}

test('a record is pushed as one POST with the default families', async () => {
  const earlier = gateway.requests.length;
  await send(ledger.url, binary(podEvent(crashLooping)));
  const pushes = gateway.requests.slice(earlier).map(({ method, path, headers, body }) => ({
    method,
    path,
    contentType: headers['content-type'],
    samples: body.split('\n').filter((text) => text !== '' && !text.startsWith('#')),
  }));
  assert.deepEqual(pushes, [
    {
      method: 'POST',
      path: fifth,
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      samples: [
        'pod_monitor_container_restart_total{reason="Error"} 1',
        'pod_monitor_container_restart_events{reason="Error",exit_code="1",restart_count="5"} 1763632802',
        'pod_monitor_container_restart_details{restart_count="5",finished_time="2025-11-20T10:00:02Z",reason="Error",exit_code="1",duration="2m0s",container_type="container",container_id="containerd://0ff6433322c4",node="worker-2",image="registry.example.com/shop/checkout:2.14.0",owner_kind="ReplicaSet",owner_name="checkout-7d4b9c6f5",workload="checkout",workload_type="deployment"} 1',
      ],
    },
  ]);
});

test("the function's own metrics count the events by outcome", async () => {
  await using counted = await startFunction({ PUSHGATEWAY_URL: gateway.url });
  const events = [
    podEvent(restartedPod(['cart', 'checkout'])),
    podEvent(podObject()),
    podEvent({}, { type: 'com.example.order.placed' }),
    podEvent({}),
  ];
  for (const event of events) await send(counted.url, binary(event));
  const { status, headers, body } = await send(`${counted.url}/metrics`, { method: 'GET' });
  const counts = String(body)
    .split('\n')
    .filter((text) => /^restart_ledger_\w+_total|^restart_ledger_\w+_count/.test(text));
  assert.deepEqual(
    { status, headers, counts },
    {
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      counts: [
        'restart_ledger_events_total{outcome="recorded"} 1',
        'restart_ledger_events_total{outcome="nothing-to-record"} 1',
        'restart_ledger_events_total{outcome="ignored"} 1',
        'restart_ledger_events_total{outcome="maintained"} 0',
        'restart_ledger_events_total{outcome="invalid-input"} 1',
        'restart_ledger_event_duration_seconds_count 4',
        'restart_ledger_pushes_total{result="accepted"} 2',
        'restart_ledger_pushes_total{result="refused"} 0',
        'restart_ledger_pushes_total{result="unavailable"} 0',
        'restart_ledger_push_duration_seconds_count 2',
      ],
    },
  );
});
