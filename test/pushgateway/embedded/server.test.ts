import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startEmbeddedGateway } from '../../../lib/pushgateway/embedded/server.ts';

const anywhere = { host: '127.0.0.1', port: 0, nowMilliseconds: () => 1_763_632_802_500 };

test('push times come from the clock of the gateway', async () => {
  await using gateway = await startEmbeddedGateway(anywhere);
  await fetch(`${gateway.url}/metrics/job/j`, { method: 'POST', body: '' });
  assert.equal(
    await (await fetch(`${gateway.url}/metrics`)).text(),
    `# HELP push_failure_time_seconds Last Unix time when changing this group in the Pushgateway failed.
# TYPE push_failure_time_seconds gauge
push_failure_time_seconds{instance="",job="j"} 0
# HELP push_time_seconds Last Unix time when changing this group in the Pushgateway succeeded.
# TYPE push_time_seconds gauge
push_time_seconds{instance="",job="j"} 1.7636328025e+09
`,
  );
});

test('the status has the start time', async () => {
  await using gateway = await startEmbeddedGateway(anywhere);
  const status: unknown = await (await fetch(`${gateway.url}/api/v1/status`)).json();
  assert.deepEqual(status, {
    status: 'success',
    data: {
      build_information: {
        branch: '',
        buildDate: '',
        buildUser: '',
        goVersion: '',
        revision: '',
        version: 'embedded',
      },
      flags: {},
      start_time: '2025-11-20T10:00:02.500Z',
    },
  });
});

test('an address that is in use is an error with a remedy', async () => {
  await using first = await startEmbeddedGateway(anywhere);
  const port = Number(new URL(first.url).port);
  await assert.rejects(startEmbeddedGateway({ ...anywhere, port }), {
    kind: 'configuration',
    message: `listening on 127.0.0.1:${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}; set PUSHGATEWAY_URL to a Pushgateway, or EMBEDDED_GATEWAY_ADDRESS to an address that is free`,
  });
});

test('a closed gateway releases its address', async () => {
  const gateway = await startEmbeddedGateway(anywhere);
  await fetch(`${gateway.url}/metrics`);
  await gateway.close();
  const other = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  other.listen(Number(new URL(gateway.url).port), '127.0.0.1', resolve);
  await promise;
  other.close();
});

const large = Buffer.alloc(17 * 1024 * 1024, '#\n');

for (const [sentence, body, headers] of [
  ['a body of more', large, {}],
  ['a body that decompresses to more', gzipSync(large), { 'content-encoding': 'gzip' }],
] as const) {
  test(`${sentence} than 16 MiB is refused, and nothing is stored`, async () => {
    await using gateway = await startEmbeddedGateway(anywhere);
    const answer = await fetch(`${gateway.url}/metrics/job/j`, { method: 'POST', body, headers });
    assert.deepEqual([answer.status, await answer.text()], [413, 'request body too large\n']);
    assert.equal(await (await fetch(`${gateway.url}/metrics`)).text(), '');
  });
}
