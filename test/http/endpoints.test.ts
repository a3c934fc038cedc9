import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointAnswer } from '../../lib/http/endpoints.ts';
import type { HttpAnswer } from '../../lib/http/problem.ts';

const metrics = { contentType: 'text/plain; version=0.0.4', exposition: async () => 'up 1\n' };

function plain(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

function notAllowed(method: string): HttpAnswer {
  return {
    statusCode: 405,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', allow: 'POST' },
    body: `{"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"${method} is not supported here; send CloudEvents by POST, or GET /metrics or /health/readiness"}`,
  };
}

const exposed = { statusCode: 200, headers: { 'content-type': metrics.contentType }, body: 'up 1\n' };

const cases: readonly (readonly [method: string, url: string, isReady: boolean, answer: HttpAnswer])[] = [
  ['GET', '/health/liveness', true, plain(200, 'OK')],
  ['GET', '/health/liveness', false, plain(200, 'OK')],
  ['GET', '/health/readiness', true, plain(200, 'OK')],
  ['GET', '/health/readiness', false, plain(503, 'not ready')],
  ['HEAD', '/health/readiness', false, plain(503, 'not ready')],
  ['GET', '/metrics', false, exposed],
  ['GET', '/metrics?name=up', true, exposed],
  ['GET', '/', true, notAllowed('GET')],
  ['GET', '/metrics/', true, notAllowed('GET')],
  ['PUT', '/metrics', true, notAllowed('PUT')],
  ['DELETE', '/health/liveness', true, notAllowed('DELETE')],
];

for (const [method, url, isReady, answer] of cases) {
  test(`${method} ${url} while ${isReady ? 'ready' : 'not ready'} is answered ${answer.statusCode}`, async () => {
    assert.deepEqual(await endpointAnswer(method, url, { metrics, isReady: () => isReady }), answer);
  });
}
