import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHttpMessage } from '../../lib/cloudevents/http-message.ts';
import { createEventServer } from '../../lib/http/event-server.ts';
import type { Handle } from '../../lib/http/handle-batch.ts';
import type { HttpServer } from '../../lib/http/http-server.ts';
import type { HttpAnswer } from '../../lib/http/problem.ts';
import type { ProcessLog } from '../../lib/observability/log.ts';
import { batched, binary, podEvent, structured } from '../fixtures/pod-events.ts';
import { breakOffRequests } from '../helpers/broken-request.ts';
import { eventually } from '../helpers/eventually.ts';
import { type Answer, send } from '../helpers/send.ts';

interface Started {
  readonly url: string;
  readonly server: HttpServer;
  /** `outcome` of every event that was counted. */
  readonly outcomes: readonly string[];
  /** Every change of the requests in flight. */
  readonly inFlight: readonly number[];
  /** The fields of every line that was logged, with its level. */
  readonly logged: readonly object[];
}

async function start(handle: Handle, config: { readonly authToken?: string } = {}): Promise<Started> {
  const [outcomes, inFlight, logged]: [string[], number[], object[]] = [[], [], []];
  const at = (level: string) => (fields: object) => logged.push({ level, ...fields });
  const log: ProcessLog = {
    writesDebug: false,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
  const server = createEventServer({
    config: {
      authToken: config.authToken,
      maxBodyBytes: 100_000,
      maxBytesInFlight: 200_000,
      maxInFlight: 1000,
    },
    readMessage: readHttpMessage,
    handle,
    metrics: {
      eventHandled: (outcome) => outcomes.push(outcome),
      inFlight: (requests) => inFlight.push(requests),
      exposition: () => Promise.reject(new Error('no metrics')),
      contentType: '',
    },
    log,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return { url, server, outcomes, inFlight, logged };
}

function answerOf(statusCode: number): HttpAnswer {
  return { statusCode, headers: {}, body: String(statusCode) };
}

/** Answers an event with its subject as the status. */
const bySubject: Handle = async (_context, event) => {
  const { subject } = Object(event);
  return subject === undefined ? undefined : answerOf(Number(subject));
};

const event = podEvent({});
const acknowledged: Answer = { status: 204, headers: {}, body: '' };

test('an event is acknowledged at any path, in any of the content modes', async () => {
  const events: unknown[] = [];
  const { url, server, outcomes } = await start(async (_context, each) => {
    events.push(each);
    return undefined;
  });
  assert.deepEqual(await send(`${url}/any/path?x=1`, binary(event)), acknowledged);
  assert.deepEqual(await send(url, structured(event)), acknowledged);
  assert.deepEqual(await send(url, batched(event, event)), acknowledged);
  assert.equal(events.length, 4);
  assert.deepEqual(outcomes, []);
  await server.close();
});

for (const [statuses, expected] of [
  [[undefined, undefined], 204],
  [[undefined, 400], 400],
  [[503, 400, undefined], 503],
  [[400, 502, 413], 502],
] as const) {
  test(`a batch whose events are answered ${statuses.map((status) => status ?? 204).join(', ')} is answered ${expected}`, async () => {
    const { url, server } = await start(bySubject);
    const events = statuses.map((status) =>
      podEvent({}, status === undefined ? { subject: undefined } : { subject: String(status) }),
    );
    assert.equal((await send(url, batched(...events))).status, expected);
    await server.close();
  });
}

test('an error thrown by the function is answered 500, counted and logged, for a single event and for a batch', async () => {
  const failure = new TypeError('a bug');
  const { url, server, outcomes, inFlight, logged } = await start(() => Promise.reject(failure));
  const answers = [await send(url, binary(event)), await send(url, batched(event, event, event))];
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers['content-type']]),
    [
      [500, 'application/problem+json; charset=utf-8'],
      [500, 'application/problem+json; charset=utf-8'],
    ],
  );
  assert.deepEqual(outcomes, ['failed', 'failed']);
  assert.deepEqual(inFlight, [1, 0, 1, 0]);
  const line = { level: 'error', status: 500, kind: 'internal', err: failure };
  assert.deepEqual(logged, [line, line]);
  await server.close();
});

test('an endpoint that fails is answered 500 and logged, and not counted as an event', async () => {
  const { url, server, outcomes, logged } = await start(bySubject);
  assert.equal((await send(`${url}/metrics`, { method: 'GET' })).status, 500);
  assert.deepEqual(outcomes, []);
  assert.deepEqual(logged, [{ level: 'error', status: 500, kind: 'internal', err: new Error('no metrics') }]);
  await server.close();
});

test('a request without credentials is not counted as in flight', async () => {
  const { url, server, outcomes, inFlight } = await start(bySubject, { authToken: 'secret' });
  const { headers, body = '' } = binary(event);
  const authorization = 'Bearer secret and more';
  assert.equal((await send(url, binary(event))).status, 401);
  assert.equal((await send(url, { headers: { ...headers, authorization }, body })).status, 403);
  assert.deepEqual([outcomes, inFlight], [['unauthenticated', 'forbidden'], []]);
  await server.close();
});

test('clients that disconnect in the middle of a body are counted, and leave no bytes in flight', async () => {
  const { url, server, outcomes, inFlight } = await start(bySubject);
  await breakOffRequests(url, 200);
  await eventually(() => assert.equal(outcomes.length, 200));
  assert.deepEqual([...new Set(outcomes)], ['invalid-input']);
  assert.deepEqual(inFlight, []);
  assert.deepEqual(await send(url, binary(podEvent({}, { subject: undefined }))), acknowledged);
  assert.deepEqual(inFlight, [1, 0]);
  await server.close();
});
