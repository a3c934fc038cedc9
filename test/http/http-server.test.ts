import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../lib/http/http-server.ts';
import type { HttpAnswer } from '../../lib/http/problem.ts';
import { eventually } from '../helpers/eventually.ts';
import { runProgram } from '../helpers/process.ts';
import { send } from '../helpers/send.ts';

const anywhere = { host: '127.0.0.1', port: 0 };
const plainText = { 'content-type': 'text/plain' };
const failed: HttpAnswer = { statusCode: 500, headers: plainText, body: 'failed' };

interface Started {
  readonly url: string;
  readonly server: HttpServer;
  readonly failures: readonly unknown[];
}

async function start(answer: HttpServerOptions['answer']): Promise<Started> {
  const failures: unknown[] = [];
  const server = createHttpServer({
    answer,
    failureAnswer: (failure) => {
      failures.push(failure);
      return failed;
    },
    listenRemedy: 'set PLACE',
  });
  return { url: await server.listen(anywhere), server, failures };
}

function answerOf(body: string, statusCode = 200): HttpAnswer {
  return { statusCode, headers: plainText, body };
}

test('a request is answered with status, headers and body, whose length is counted in bytes', async () => {
  const { url, server } = await start(async ({ method, url }) => answerOf(`${method} ${url} é`, 201));
  const answer = await fetch(`${url}/path?x=1`, { method: 'POST' });
  assert.deepEqual(
    [answer.status, answer.headers.get('content-length'), await answer.text()],
    [201, '17', 'POST /path?x=1 é'],
  );
  await server.close();
});

for (const [how, answer] of [
  ['rejects', () => Promise.reject(new Error('a bug'))],
  [
    'throws',
    () => {
      throw new Error('a bug');
    },
  ],
] as const) {
  test(`a listener that ${how} is answered 500, and the next request is served`, async () => {
    let requests = 0;
    const { url, server, failures } = await start((request) => {
      requests += 1;
      return requests === 1 ? answer() : Promise.resolve(answerOf(String(request.url)));
    });
    assert.deepEqual(await send(url, {}), { status: 500, headers: plainText, body: 'failed' });
    assert.deepEqual(failures, [new Error('a bug')]);
    assert.deepEqual(await send(`${url}/next`, {}), { status: 200, headers: plainText, body: '/next' });
    await server.close();
  });
}

test('a response that cannot be written closes its connection, and the next request is served', async () => {
  const { url, server } = await start(async ({ url }) =>
    url === '/broken' ? { ...failed, headers: { 'x-broken': 'a\nb' } } : answerOf('whole'),
  );
  await assert.rejects(send(`${url}/broken`, {}), { code: 'ECONNRESET' });
  assert.deepEqual(await send(url, {}), { status: 200, headers: plainText, body: 'whole' });
  await server.close();
});

test('a response to a body that is too large closes the connection', async () => {
  const { url, server } = await start(async () => answerOf('too large', 413));
  const answer = await fetch(url, { method: 'POST', body: 'x' });
  assert.deepEqual([answer.headers.get('connection'), await answer.text()], ['close', 'too large']);
  await server.close();
});

test('an address that is in use is a configuration error with a remedy', async () => {
  const { url, server } = await start(async () => answerOf(''));
  const { host, hostname, port } = new URL(url);
  const other = createHttpServer({
    answer: async () => answerOf(''),
    failureAnswer: () => failed,
    listenRemedy: 'set PLACE',
  });
  await assert.rejects(other.listen({ host: hostname, port: Number(port) }), {
    kind: 'configuration',
    message: `listening on ${host}: listen EADDRINUSE: address already in use ${host}; set PLACE`,
  });
  // A server that does not listen can be closed all the same.
  await other.close();
  await server.close();
});

test('an IPv6 address stands in brackets in the URL', async () => {
  const server = createHttpServer({
    answer: async () => answerOf(''),
    failureAnswer: () => failed,
    listenRemedy: '',
  });
  assert.match(await server.listen({ host: '::1', port: 0 }), /^http:\/\/\[::1\]:\d+$/);
  await server.close();
});

test('closing refuses new connections, answers the requests in flight, and closes their connections', async () => {
  const release = Promise.withResolvers<void>();
  let arrived = 0;
  const { url, server } = await start(async () => {
    arrived += 1;
    await release.promise;
    return answerOf('whole');
  });
  const agent = new Agent({ keepAlive: true });
  const outgoing = request(url, { agent });
  const answered = once(outgoing, 'response');
  outgoing.end();
  await eventually(() => assert.equal(arrived, 1));
  let isClosed = false;
  const closed = server.close().then(() => {
    isClosed = true;
  });
  await assert.rejects(send(url, {}), { code: 'ECONNREFUSED' });
  assert.equal(isClosed, false);
  release.resolve();
  const [incoming] = await answered;
  assert.deepEqual([incoming.headers.connection, await text(incoming)], ['close', 'whole']);
  await closed;
  agent.destroy();
});

test('a client that disconnects in the middle of its request is not answered, and affects no other', async () => {
  const { url, server, failures } = await start(async (incoming) => answerOf(await text(incoming)));
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf', () =>
    socket.resetAndDestroy(),
  );
  await eventually(() => assert.equal(failures.length, 1));
  assert.deepEqual(await send(url, { body: 'whole' }), { status: 200, headers: plainText, body: 'whole' });
  await server.close();
});

test('a request whose body is not whole after 10 s is answered 408', { timeout: 60_000 }, async (t) => {
  const { url, server } = await start(async (incoming) => {
    await once(incoming.resume(), 'end');
    return answerOf('whole');
  });
  t.after(() => server.close());
  const outgoing = request(url, { method: 'POST', headers: { 'content-length': 2 }, agent: false });
  const answered = once(outgoing, 'response');
  outgoing.write('x');
  const [incoming] = await answered;
  assert.equal(incoming.statusCode, 408);
  incoming.resume();
});

test("loading the server does not load Node's HTTP client, which would delay the start", async () => {
  const client = 'NativeModule internal/deps/undici/undici';
  const program = (module: string) =>
    `await import(${JSON.stringify(module)}); process.stdout.write(String(process.moduleLoadList.includes('${client}')))`;
  const loads = async (module: string) => {
    const { stdout, stderr } = await runProgram(process.execPath, [
      '--input-type=module',
      '--eval',
      program(module),
    ]);
    assert.ok(stdout !== '', stderr);
    return stdout;
  };
  const server = new URL('../../lib/http/http-server.ts', import.meta.url).href;
  assert.deepEqual([await loads(server), await loads('node:http')], ['false', 'true']);
});
