import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acknowledged, fault } from '../fixtures/answers.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod, restartedPod } from '../fixtures/pods.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import {
  answering,
  answeringNonHttp,
  type Behaviour,
  disconnecting,
  disconnectingMidAnswer,
  type HttpStub,
  inSequence,
  neverAnswering,
  stallingMidAnswer,
  startHttpStub,
} from '../helpers/http-stub.ts';
import { logLinesOf } from '../helpers/log-lines.ts';
import { send } from '../helpers/send.ts';

let gateway: HttpStub;
let ledger: FunctionProcess;

before(async () => {
  gateway = await startHttpStub();
  ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, PUSHGATEWAY_TIMEOUT: '1m' });
});

after(async () => {
  await ledger[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const group =
  '/metrics/job/pod_monitor/namespace/shop/pod/checkout-7d4b9c6f5-x2x9k/uid/8717cf78-7525-485f-a643-7586282e1af1';
const groupOf = (container: string) => `${group}/container/${container}/restart_id/5_1763632802`;
const crashLoop = binary(podEvent(crashLoopingPod()));

const running = 'check PUSHGATEWAY_URL and that the Pushgateway runs';
const slow = 'look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT';
const again = 'retry it';
const base = 'check that PUSHGATEWAY_URL is the base URL of a Pushgateway, and read its reason';
const credentials =
  'set PUSHGATEWAY_USERNAME and PUSHGATEWAY_PASSWORD_FILE, or PUSHGATEWAY_CREDENTIALS_FILE, to credentials that it accepts';
const elsewhere = 'set PUSHGATEWAY_URL to where it points';

type Fault = readonly [behaviour: Behaviour, tries: number, fact: string, remedy: string];

const unavailable: Readonly<Record<string, Fault>> = {
  'breaks the connection twice': [disconnecting, 2, 'other side closed', running],
  'breaks twice within its answer': [disconnectingMidAnswer, 2, 'other side closed', running],
  'answers 500': [answering(500, 'disk\nis full\n'), 1, 'the gateway answered 500 (disk is full)', again],
  'answers 502 without a reason': [answering(502), 1, 'the gateway answered 502', again],
  'answers 503': [answering(503, 'starting'), 1, 'the gateway answered 503 (starting)', again],
  'answers 429': [answering(429, 'slow down'), 1, 'the gateway answered 429 (slow down)', again],
  'answers 408': [answering(408), 1, 'the gateway answered 408', again],
  'answers 425': [answering(425), 1, 'the gateway answered 425', again],
};

const refused: Readonly<Record<string, Fault>> = {
  'answers 400': [
    answering(400, 'pushed metrics are invalid or inconsistent with existing metrics\n'),
    1,
    'the gateway answered 400 (pushed metrics are invalid or inconsistent with existing metrics)',
    base,
  ],
  'answers 400 at length': [
    answering(400, 'no'.repeat(5000)),
    1,
    `the gateway answered 400 (${'no'.repeat(512)})`,
    base,
  ],
  'answers 404': [answering(404, 'page not found'), 1, 'the gateway answered 404 (page not found)', base],
  'answers 413': [answering(413), 1, 'the gateway answered 413', base],
  'answers 401': [answering(401, 'Unauthorized'), 1, 'the gateway answered 401 (Unauthorized)', credentials],
  'answers 403': [answering(403), 1, 'the gateway answered 403', credentials],
  'answers 301': [
    answering(301, '', { location: 'https://gateway.example.com/' }),
    1,
    'the gateway answered 301',
    `${elsewhere} (https://gateway.example.com/)`,
  ],
  'answers 302 without a place': [answering(302), 1, 'the gateway answered 302', elsewhere],
  'answers 304': [answering(304), 1, 'the gateway answered 304', elsewhere],
};

const cases = [
  ...Object.entries(unavailable).map(([what, fault]) => ['gateway-unavailable', what, fault] as const),
  ...Object.entries(refused).map(([what, fault]) => ['gateway-refused', what, fault] as const),
];

for (const [kind, what, [behaviour, tries, fact, remedy]] of cases) {
  const where = () => `${gateway.url}${groupOf('checkout')}`;

  test(`${answerOf(kind)} when the Pushgateway ${what}`, async () => {
    gateway.behave(answering(200));
    await send(ledger.url, crashLoop);
    gateway.behave(behaviour);
    const earlier = gateway.requests.length;
    const lines = await logLinesOf(ledger, async () => {
      assert.deepEqual(await send(ledger.url, crashLoop), fault(kind));
    });
    assert.equal(gateway.requests.length - earlier, tries);
    assert.deepEqual(lines, [
      {
        ...(kind === 'gateway-unavailable'
          ? { level: 'warn', msg: 'unavailable: answering 503 until it is available again' }
          : { level: 'error', status: 502, msg: 'an event was not recorded' }),
        kind,
        reason: `pushing to ${where()}: ${fact}; ${remedy}`,
      },
    ]);
  });
}

test('an outage of the Pushgateway is logged once, and its end once', async () => {
  gateway.behave(answering(200));
  await send(ledger.url, crashLoop);
  const lines = await logLinesOf(ledger, async () => {
    gateway.behave(answering(503));
    for (let attempt = 0; attempt < 3; attempt += 1) await send(ledger.url, crashLoop);
    gateway.behave(answering(200));
    for (let attempt = 0; attempt < 2; attempt += 1) await send(ledger.url, crashLoop);
  });
  assert.deepEqual(
    lines.map(({ level, msg, failures }) => ({ level, msg, failures })),
    [
      {
        level: 'warn',
        msg: 'unavailable: answering 503 until it is available again',
        failures: undefined,
      },
      { level: 'info', msg: 'available again', failures: 3 },
      { level: 'info', msg: 'recorded', failures: undefined },
      { level: 'info', msg: 'recorded', failures: undefined },
    ],
  );
});

function answerOf(kind: 'gateway-unavailable' | 'gateway-refused'): 502 | 503 {
  return kind === 'gateway-refused' ? 502 : 503;
}

test('503 when the Pushgateway answers in another protocol', async () => {
  gateway.behave(answeringNonHttp);
  const { status, headers } = await send(ledger.url, crashLoop);
  assert.deepEqual(
    { status, headers },
    {
      status: 503,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '2' },
    },
  );
});

for (const [what, behaviour] of Object.entries({
  'without an answer': disconnecting,
  'within its answer': disconnectingMidAnswer,
})) {
  test(`a push over a connection that breaks ${what} succeeds by one quick retry`, async () => {
    gateway.behave(inSequence(behaviour, answering(200)));
    const earlier = gateway.requests.length;
    assert.deepEqual(await send(ledger.url, crashLoop), acknowledged);
    const [first, second, ...more] = gateway.requests.slice(earlier);
    assert.deepEqual(
      [first?.path, second?.path, second?.body, more],
      [groupOf('checkout'), first?.path, first?.body, []],
    );
  });
}

test('a Pushgateway that answers 202 has accepted the push', async () => {
  gateway.behave(answering(202));
  assert.deepEqual(await send(ledger.url, crashLoop), acknowledged);
});

test('503 when the connection to the Pushgateway is refused', async () => {
  const url = 'http://127.0.0.1:1';
  await using withoutGateway = await startFunction({ PUSHGATEWAY_URL: url });
  const lines = await logLinesOf(withoutGateway, async () => {
    assert.deepEqual(await send(withoutGateway.url, crashLoop), fault('gateway-unavailable'));
  });
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    [`pushing to ${url}${groupOf('checkout')}: connect ECONNREFUSED 127.0.0.1:1; ${running}`],
  );
});

test('503 when the Pushgateway does not answer completely within PUSHGATEWAY_TIMEOUT', async () => {
  await using withTimeout = await startFunction({ PUSHGATEWAY_URL: gateway.url, PUSHGATEWAY_TIMEOUT: '1s' });
  gateway.behave(inSequence(neverAnswering, stallingMidAnswer));
  const earlier = gateway.requests.length;
  const start = performance.now();
  const lines = await logLinesOf(withTimeout, async () => {
    assert.deepEqual(
      await Promise.all([send(withTimeout.url, crashLoop), send(withTimeout.url, crashLoop)]),
      [fault('gateway-unavailable'), fault('gateway-unavailable')],
    );
  });
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    [`pushing to ${gateway.url}${groupOf('checkout')}: no answer within 1000 ms; ${slow}`],
  );
  // A timer may be early by a part of a millisecond.
  assert.ok(performance.now() - start >= 999);
  assert.equal(gateway.requests.length - earlier, 2);
});

test('the wait for a free connection counts towards the timeout', async () => {
  await using narrow = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    PUSHGATEWAY_TIMEOUT: '150ms',
    PUSHGATEWAY_CONNECTIONS: '1',
  });
  gateway.behave(neverAnswering);
  const earlier = gateway.requests.length;
  const names = Array.from({ length: 40 }, (_, index) => `app-${index}`);
  const { status } = await send(narrow.url, binary(podEvent(restartedPod(names))));
  assert.equal(status, 503);
  // Otherwise each push would have a timeout of its own on the one connection.
  assert.ok(gateway.requests.length - earlier < names.length / 2);
});

/** Fails the pushes of some containers. */
function failing(statuses: Readonly<Record<string, number>>): Behaviour {
  return (response, request) => {
    const [, container = ''] = /\/container\/([^/]+)\//.exec(request.path) ?? [];
    return answering(statuses[container] ?? 200, 'refused by the test')(response, request);
  };
}

const containers = ['cart', 'checkout', 'proxy'];
const combinations: readonly (readonly [
  statuses: Readonly<Record<string, number>>,
  kind: 'gateway-unavailable' | 'gateway-refused',
  reported: string,
])[] = [
  [{ checkout: 503 }, 'gateway-unavailable', 'checkout'],
  [{ checkout: 400 }, 'gateway-refused', 'checkout'],
  [{ cart: 400, proxy: 500 }, 'gateway-unavailable', 'proxy'],
  [{ cart: 500, proxy: 400 }, 'gateway-unavailable', 'cart'],
];

for (const [statuses, kind, reported] of combinations) {
  test(`all containers are pushed, and ${answerOf(kind)} is answered, when ${JSON.stringify(statuses)} fail`, async () => {
    gateway.behave(answering(200));
    await send(ledger.url, crashLoop);
    gateway.behave(failing(statuses));
    const earlier = gateway.requests.length;
    const lines = await logLinesOf(ledger, async () => {
      assert.deepEqual(await send(ledger.url, binary(podEvent(restartedPod(containers)))), fault(kind));
    });
    const remedy = kind === 'gateway-refused' ? base : again;
    const where = `${gateway.url}${groupOf(reported)}`;
    assert.deepEqual(
      lines.map(({ reason }) => reason),
      [`pushing to ${where}: the gateway answered ${statuses[reported]} (refused by the test); ${remedy}`],
    );
    const paths = gateway.requests.slice(earlier).map(({ path }) => path);
    assert.deepEqual(paths.toSorted(), containers.map(groupOf));
  });
}

test('the credentials of the Pushgateway are sent to it, and appear in no response and no log line', async () => {
  const url = new URL(gateway.url);
  url.username = 'ledger';
  url.password = 'p/ss:wörd';
  gateway.behave(inSequence(answering(200), answering(401), answering(500), neverAnswering));
  const earlier = gateway.requests.length;
  await using withPassword = await startFunction({
    PUSHGATEWAY_URL: url.href,
    PUSHGATEWAY_TIMEOUT: '2s',
    LOG_LEVEL: 'trace',
  });
  const answers = [];
  for (let event = 1; event <= 4; event += 1) answers.push(await send(withPassword.url, crashLoop));
  withPassword.kill('SIGTERM');
  const { logs, stderr } = await withPassword.exited;
  const sent = gateway.requests.slice(earlier).map(({ headers }) => headers.authorization);
  const basic = Buffer.from('ledger:p/ss:wörd').toString('base64');
  assert.deepEqual(sent, Array(4).fill(`Basic ${basic}`));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [204, 502, 503, 503],
  );
  const written = `${JSON.stringify([answers, logs])}${stderr}`;
  assert.deepEqual(
    ['p/ss', url.password, 'wörd', basic].filter((secret) => written.includes(secret)),
    [],
  );
});

test('a base URL with a path is kept', async () => {
  gateway.behave(answering(204));
  const earlier = gateway.requests.length;
  await using below = await startFunction({
    PUSHGATEWAY_URL: `${gateway.url}/api/v1/import/prometheus/`,
  });
  assert.deepEqual(await send(below.url, crashLoop), acknowledged);
  const paths = gateway.requests.slice(earlier).map(({ path }) => path);
  assert.deepEqual(paths, [`/api/v1/import/prometheus${groupOf('checkout')}`]);
});
