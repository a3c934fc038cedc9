import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acknowledged, problem } from '../fixtures/answers.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import { type Answer, type Message, send } from '../helpers/send.ts';

const token = 'correct-horse-battery-staple';

let gateway: HttpStub;
let ledger: FunctionProcess;

before(async () => {
  gateway = await startHttpStub();
  ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url, AUTH_TOKEN: token, LOG_LEVEL: 'trace' });
});

after(async () => {
  await ledger[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const message = binary(podEvent(crashLoopingPod()));
const withAuthorization = (authorization: string): Message => ({
  ...message,
  headers: { ...message.headers, authorization },
});

const operation = 'accepting';
const where = 'the request';
const remedy = 'send Authorization: Bearer with the token of AUTH_TOKEN';
const missing = problem('unauthenticated', { operation, where, fact: 'it has no bearer token', remedy });
const another = problem('forbidden', { operation, where, fact: 'its bearer token is wrong', remedy });

const cases: readonly (readonly [sentence: string, message: Message, answer: Answer])[] = [
  ['401 without credentials', message, missing],
  ['401 with credentials of another scheme', withAuthorization(`Basic ${token}`), missing],
  ['401 with the bare token', withAuthorization(token), missing],
  ['403 without a token', withAuthorization('Bearer'), another],
  ['403 with another token', withAuthorization(`Bearer ${token.toUpperCase()}`), another],
  ['403 with the start of the token', withAuthorization(`Bearer ${token.slice(0, -1)}`), another],
  ['403 with more than the token', withAuthorization(`Bearer ${token}s`), another],
  ['403 with something behind the token', withAuthorization(`Bearer ${token} x`), another],
  ['403 with a token outside ASCII', withAuthorization(`Bearer ${token.replace('o', 'ö')}`), another],
  ['204 with the token', withAuthorization(`Bearer ${token}`), acknowledged],
  ['204 with the token, whatever the case of the scheme', withAuthorization(`BEARER ${token}`), acknowledged],
];

for (const [sentence, given, answer] of cases) {
  test(sentence, async () => {
    const earlier = gateway.requests.length;
    assert.deepEqual(await send(ledger.url, given), answer);
    assert.equal(gateway.requests.length - earlier, answer === acknowledged ? 1 : 0);
  });
}

test('credentials are checked before the size of the body', async () => {
  const headers = { ...message.headers, 'content-length': '5000000' };
  assert.deepEqual(await send(ledger.url, { headers, body: '{' }), missing);
});

for (const path of ['/health/liveness', '/health/readiness', '/metrics']) {
  test(`${path} needs no token`, async () => {
    const { status } = await send(`${ledger.url}${path}`, { method: 'GET' });
    assert.equal(status, 200);
  });
}

test('the token is not logged', async () => {
  await using observed = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    AUTH_TOKEN: token,
    LOG_LEVEL: 'trace',
  });
  for (const [, given] of cases) await send(observed.url, given);
  observed.kill('SIGTERM');
  const { logs, stderr, ...exit } = await observed.exited;
  assert.deepEqual(exit, { code: 0, signal: null });
  assert.ok(logs.length > cases.length);
  assert.equal(`${JSON.stringify(logs)}${stderr}`.includes(token), false);
});
