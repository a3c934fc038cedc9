import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { drainOnClose } from '../../lib/http/drain.ts';
import { eventually } from '../helpers/eventually.ts';

interface Started {
  readonly server: Server;
  readonly port: number;
  /** How many connections the server has accepted by now. */
  accepted(): number;
  /** Closes and drains; resolves when the last connection has ended. */
  close(): Promise<unknown>;
}

async function start(listener: Parameters<typeof createServer>[1]): Promise<Started> {
  const server = createServer(listener);
  let accepted = 0;
  server.on('connection', () => {
    accepted += 1;
  });
  const drain = drainOnClose(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const close = () => {
    const closed = once(server, 'close');
    server.close();
    drain();
    return closed;
  };
  return { server, port: address.port, accepted: () => accepted, close };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Time advances only by `tick`, so that nothing here depends on the real time. */
function stopTime(context: TestContext): void {
  context.mock.timers.enable({ apis: ['setTimeout'] });
}

test('connections without any request are closed at once', async () => {
  const { port, accepted, close } = await start((_, response) => response.end());
  const sockets = await Promise.all([connected(port), connected(port)]);
  await eventually(() => assert.equal(accepted(), 2));
  const ended = Promise.all(sockets.map((socket) => once(socket, 'close')));
  await close();
  await ended;
});

test('an idle keep-alive connection is closed at once', async () => {
  const { port, close } = await start((_, response) => response.end('whole'));
  const agent = new Agent({ keepAlive: true });
  const outgoing = request({ host: '127.0.0.1', port, agent });
  outgoing.end();
  const [incoming] = await once(outgoing, 'response');
  incoming.resume();
  await once(incoming, 'end');
  await close();
  agent.destroy();
});

test('a request in flight may finish, and is cut off after 20 s', async (context) => {
  let arrived = 0;
  const { port, close } = await start(() => {
    arrived += 1;
  });
  const outgoing = request({ host: '127.0.0.1', port });
  const cutOff = once(outgoing, 'error');
  outgoing.end();
  await eventually(() => assert.equal(arrived, 1));
  stopTime(context);
  let isClosed = false;
  const closed = close().then(() => {
    isClosed = true;
  });
  context.mock.timers.tick(19_999);
  await new Promise(setImmediate);
  assert.equal(isClosed, false);
  context.mock.timers.tick(1);
  const [failure] = await cutOff;
  assert.equal(failure.code, 'ECONNRESET');
  await closed;
});
