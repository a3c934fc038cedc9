import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acknowledged, fault, problem } from '../fixtures/answers.ts';
import { batched, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod, podObject } from '../fixtures/pods.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { answering, type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import { logLinesOf } from '../helpers/log-lines.ts';
import { type Answer, send } from '../helpers/send.ts';

let gateway: HttpStub;
let ledger: FunctionProcess;

/** The name of a Pod says how its push is answered. */
before(async () => {
  gateway = await startHttpStub((response, request) => {
    const [, status = '200'] = /\/pod\/pod-\d-(\d+)\//.exec(request.path) ?? [];
    return answering(Number(status))(response, request);
  });
  ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
});

after(async () => {
  await ledger[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const uid = '8717cf78-7525-485f-a643-7586282e1af1';
const pathOf = (name: string) =>
  `/metrics/job/pod_monitor/namespace/shop/pod/${name}/uid/${uid}/container/checkout/restart_id/5_1763632802`;
const crashLoop = (name: string) => podEvent(crashLoopingPod({ name }));

const badPod = problem('invalid-input', {
  operation: 'reading',
  where: 'metadata.name',
  fact: '"No Name" is not a DNS name (at most 253 of a-z, 0-9, - and .)',
  remedy: 'send the object as the Kubernetes API server writes it',
});
const noObject = problem('invalid-input', {
  operation: 'reading',
  where: "the CloudEvent's event",
  fact: 'it is not a JSON object',
  remedy: 'send an event that conforms to CloudEvents 1.0',
});
const yaml = problem('unsupported-media-type', {
  operation: 'reading',
  where: "the CloudEvent's data",
  fact: 'the content type "application/yaml" is not JSON in UTF-8',
  remedy: 'send application/json',
});
const unavailable = () => fault('gateway-unavailable');
const refused = () => fault('gateway-refused');

interface Case {
  readonly events: readonly unknown[];
  readonly pushed: readonly string[];
  readonly answer: () => Answer;
}

const cases: Readonly<Record<string, Case>> = {
  'a batch of good events is recorded': {
    events: [crashLoop('pod-1'), crashLoop('pod-2'), crashLoop('pod-3')],
    pushed: ['pod-1', 'pod-2', 'pod-3'],
    answer: () => acknowledged,
  },
  'a batch may hold events that leave nothing to record': {
    events: [crashLoop('pod-1'), podEvent(podObject()), podEvent({}, { type: 'com.example.other' })],
    pushed: ['pod-1'],
    answer: () => acknowledged,
  },
  'one bad Pod in a batch is 400, and the good ones are pushed': {
    events: [crashLoop('pod-1'), crashLoop('No Name'), crashLoop('pod-3')],
    pushed: ['pod-1', 'pod-3'],
    answer: () => badPod,
  },
  'one element that is no event is 400, and the good ones are pushed': {
    events: [crashLoop('pod-1'), null, crashLoop('pod-3')],
    pushed: ['pod-1', 'pod-3'],
    answer: () => noObject,
  },
  'one event in a foreign format is 415, and the good ones are pushed': {
    events: [podEvent('kind: Pod', { datacontenttype: 'application/yaml' }), crashLoop('pod-1')],
    pushed: ['pod-1'],
    answer: () => yaml,
  },
  'one record that the Pushgateway cannot take now is 503': {
    events: [crashLoop('pod-1'), crashLoop('pod-2-503'), crashLoop('pod-3')],
    pushed: ['pod-1', 'pod-2-503', 'pod-3'],
    answer: unavailable,
  },
  'one record that the Pushgateway refuses is 502': {
    events: [crashLoop('pod-1'), crashLoop('pod-2-400'), crashLoop('pod-3')],
    pushed: ['pod-1', 'pod-2-400', 'pod-3'],
    answer: refused,
  },
  'what is worth a retry outranks what is not': {
    events: [crashLoop('No Name'), crashLoop('pod-1-400'), crashLoop('pod-2-503')],
    pushed: ['pod-1-400', 'pod-2-503'],
    answer: unavailable,
  },
};

for (const [sentence, { events, pushed, answer }] of Object.entries(cases)) {
  test(sentence, async () => {
    const earlier = gateway.requests.length;
    assert.deepEqual(await send(ledger.url, batched(...events)), answer());
    const paths = gateway.requests.slice(earlier).map(({ path }) => path);
    assert.deepEqual(paths.toSorted(), pushed.map(pathOf));
  });
}

test('a batch of more than 1,000 events is 413, and nothing is pushed', async () => {
  const earlier = gateway.requests.length;
  const events = Array.from({ length: 1001 }, () => crashLoop('pod-1'));
  const tooLarge = problem('too-large', {
    operation: 'reading',
    where: 'the batch',
    fact: 'it has 1001 events',
    remedy: 'send at most 1000 events at a time',
  });
  assert.deepEqual(await send(ledger.url, batched(...events)), tooLarge);
  assert.equal(gateway.requests.length, earlier);
});

test('a batch of 1,000 events that are refused is logged in one line, with the first reasons', async () => {
  const events = Array.from({ length: 1000 }, (_, index) =>
    index < 998 ? 1 : crashLoop(`No Name ${index}`),
  );
  const lines = await logLinesOf(ledger, async () => {
    assert.deepEqual(await send(ledger.url, batched(...events)), noObject);
  });
  assert.deepEqual(lines, [
    {
      level: 'warn',
      status: 400,
      events: 1000,
      refused: 1000,
      reasons: [
        "reading the CloudEvent's event: it is not a JSON object; send an event that conforms to CloudEvents 1.0",
        ...[998, 999].map(
          (index) =>
            `reading metadata.name: "No Name ${index}" is not a DNS name (at most 253 of a-z, 0-9, - and .); send the object as the Kubernetes API server writes it`,
        ),
      ],
      msg: 'events of a batch were refused',
    },
  ]);
});
