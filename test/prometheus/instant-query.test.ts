import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesCount } from '../../lib/prometheus/instant-query.ts';
import { closedPort } from '../helpers/closed-port.ts';
import { eventually } from '../helpers/eventually.ts';
import { answering, neverAnswering, startHttpStub } from '../helpers/http-stub.ts';
import { prometheusAt } from '../helpers/prometheus-at.ts';
import { missing, startPrometheus } from '../helpers/real-services.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('instant-query-');
const skip = missing('prometheus');

test('the result of a query is counted in series', { skip }, async () => {
  await using prometheus = await startPrometheus({});
  const count = (query: string) => seriesCount(prometheusAt(prometheus.url), query, 5000);
  assert.equal(await count('vector(1)'), 1);
  assert.equal(await count('label_replace(vector(1), "a", "1", "", "") or vector(1)'), 2);
  assert.equal(await count('absent(vector(1))'), 0);
  await assert.rejects(count('count('), {
    kind: 'prometheus-unavailable',
    message: `querying ${prometheus.url}/api/v1/query: it answered 400 (invalid parameter "query": 1:7: parse error: unclosed left parenthesis); check PROMETHEUS_URL and that Prometheus runs`,
  });
});

test('basic authentication to Prometheus works with user and password, and with a password alone', {
  skip,
}, async () => {
  // Of "hunter2".
  const hash = '$2b$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm';
  const users = folder.write('web.json', JSON.stringify({ basic_auth_users: { '': hash, ledger: hash } }));
  await using prometheus = await startPrometheus({ flags: [`--web.config.file=${users}`] });
  const count = (credentials: string) =>
    seriesCount(prometheusAt(prometheus.url.replace('//', `//${credentials}`)), 'vector(1)', 5000);
  assert.equal(await eventually(() => count(':hunter2@')), 1);
  assert.equal(await count('ledger:hunter2@'), 1);
  for (const [credentials, remedy] of [
    [
      '',
      'set PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD_FILE, or PROMETHEUS_CREDENTIALS_FILE, to credentials that it accepts',
    ],
    ['ledger:hunter3@', 'put a user and a password that it accepts into PROMETHEUS_URL'],
    ['other:hunter2@', 'put a user and a password that it accepts into PROMETHEUS_URL'],
  ] as const) {
    await assert.rejects(count(credentials), {
      kind: 'prometheus-unavailable',
      message: `querying ${prometheus.url}/api/v1/query: it answered 401; ${remedy}`,
    });
  }
});

test('a base URL with a path is kept, and the query is encoded', async () => {
  await using stub = await startHttpStub(answering(200, '{"data": {"result": []}}'));
  for (const path of ['/select/0/prometheus', '/select/0/prometheus/'])
    assert.equal(await seriesCount(prometheusAt(`${stub.url}${path}`), 'a{b="c d"} + 1', 5000), 0);
  const path = '/select/0/prometheus/api/v1/query?query=a%7Bb%3D%22c+d%22%7D+%2B+1';
  assert.deepEqual(
    stub.requests.map((request) => request.path),
    [path, path],
  );
});

test('no message shows the credentials that a Prometheus echoes', async () => {
  await using stub = await startHttpStub((response, { headers }) =>
    response.writeHead(400).end(JSON.stringify({ error: `not for ${headers.authorization}` })),
  );
  await assert.rejects(seriesCount(prometheusAt(stub.url.replace('//', '//me:hunter2@')), 'up', 5000), {
    kind: 'prometheus-unavailable',
    message: `querying ${stub.url}/api/v1/query: it answered 400 (not for Basic ***); check PROMETHEUS_URL and that Prometheus runs`,
  });
});

test('an unreachable Prometheus is unavailable, and its password is not shown', async () => {
  await using closed = await closedPort();
  await using stub = await startHttpStub(neverAnswering);
  const bare = { refused: `${closed.url}/api/v1/query`, late: `${stub.url}/api/v1/query` };
  const remedy = 'check PROMETHEUS_URL and that Prometheus runs';
  await assert.rejects(seriesCount(prometheusAt(closed.url.replace('//', '//me:hunter2@')), 'up', 5000), {
    kind: 'prometheus-unavailable',
    message: `querying ${bare.refused}: connect ECONNREFUSED ${new URL(closed.url).host}; ${remedy}`,
  });
  await assert.rejects(seriesCount(prometheusAt(stub.url), 'up', 100), {
    kind: 'prometheus-unavailable',
    message: `querying ${bare.late}: Headers Timeout Error; ${remedy}`,
  });
  stub.behave(answering(200, '<html>Sign in</html>'));
  await assert.rejects(seriesCount(prometheusAt(stub.url), 'up', 5000), { kind: 'prometheus-unavailable' });
});
