import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorKind, LedgerError } from '../../lib/errors.ts';
import { gravest, problemAnswer } from '../../lib/http/problem.ts';

const parts = {
  operation: 'pushing to',
  subject: 'http://gateway',
  fact: 'it is unreachable',
  remedy: 'wait',
};

test('a failure by the request is answered with operation, subject, fact and remedy', () => {
  const fault = {
    operation: 'reading',
    subject: 'metadata.name',
    fact: 'it is no name',
    remedy: 'send a name',
  };
  assert.deepEqual(problemAnswer(new LedgerError('invalid-input', fault)), {
    statusCode: 400,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: '{"type":"urn:restart-ledger:problem:invalid-input","title":"The request contains no usable event","status":400,"detail":"reading metadata.name: it is no name; send a name","where":"metadata.name","remedy":"send a name"}',
  });
});

test("a failure of another server is answered without that server's address and text", () => {
  assert.deepEqual(problemAnswer(new LedgerError('gateway-unavailable', parts)), {
    statusCode: 503,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '2' },
    body: '{"type":"urn:restart-ledger:problem:gateway-unavailable","title":"The Pushgateway is not available","status":503,"detail":"the reason is in the log","remedy":"send it again later"}',
  });
});

test('an unexpected failure is answered 500, and its message stays in the log', () => {
  assert.deepEqual(problemAnswer(new TypeError('secret')), {
    statusCode: 500,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: '{"type":"urn:restart-ledger:problem:internal","title":"The function failed","status":500,"detail":"an unexpected error; its trace is in the log","remedy":"read the log"}',
  });
});

/** The kinds whose messages are about the request. */
const tells: ReadonlySet<ErrorKind> = new Set([
  'invalid-input',
  'unauthenticated',
  'forbidden',
  'too-large',
  'unsupported-media-type',
  'overloaded',
]);

const statuses: readonly [kind: ErrorKind, status: number, headers: readonly string[]][] = [
  ['configuration', 500, []],
  ['usage', 500, []],
  ['invalid-input', 400, []],
  ['unauthenticated', 401, ['www-authenticate']],
  ['forbidden', 403, []],
  ['too-large', 413, []],
  ['unsupported-media-type', 415, []],
  ['gateway-refused', 502, []],
  ['not-scraped', 502, []],
  ['sink-refused', 502, []],
  ['cluster-forbidden', 502, []],
  ['cluster-unusable', 502, []],
  ['cluster-unconfigured', 502, []],
  ['prometheus-unavailable', 503, ['retry-after']],
  ['sink-unavailable', 503, ['retry-after']],
  ['cluster-unavailable', 503, ['retry-after']],
  ['keys-unavailable', 503, ['retry-after']],
  ['overloaded', 503, ['retry-after']],
  ['gateway-unavailable', 503, ['retry-after']],
];

for (const [kind, status, headers] of statuses) {
  test(`${kind} is answered ${status}`, () => {
    const answer = problemAnswer(new LedgerError(kind, parts));
    assert.deepEqual(
      [answer.statusCode, Object.keys(answer.headers)],
      [status, ['content-type', ...headers]],
    );
    assert.equal(answer.body.includes('http://gateway'), tells.has(kind));
  });
}

test('of several failures a retryable one is answered', () => {
  const [refused, unavailable] = (['gateway-refused', 'gateway-unavailable'] as const).map(
    (kind) => new LedgerError(kind, parts),
  );
  const unforeseen = new TypeError('x');
  assert.equal(gravest([unforeseen, refused, unavailable]), unavailable);
  assert.equal(gravest([unforeseen, refused]), refused);
  assert.equal(gravest([unforeseen]), unforeseen);
  assert.equal(gravest([]), undefined);
});
