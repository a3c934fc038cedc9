import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { LedgerError } from '../../lib/errors.ts';
import { readBody } from '../../lib/http/read-body.ts';
import { listenAnywhere } from '../helpers/listen.ts';

const limit = 10;

/** The result of `readBody` for a request that begins with `lines`; `then` sends the rest. */
async function read(
  lines: readonly string[],
  then: (client: Socket) => void = () => {},
  reserve?: (bytes: number) => void,
): Promise<PromiseSettledResult<string>> {
  const { promise, resolve } = Promise.withResolvers<PromiseSettledResult<string>>();
  const server = createServer((request, response) => {
    readBody(request, limit, reserve).then(
      (body) => resolve({ status: 'fulfilled', value: body.toString('utf8') }),
      (reason: unknown) => resolve({ status: 'rejected', reason }),
    );
    response.flushHeaders();
  });
  const client = connect({ host: '127.0.0.1', port: await listenAnywhere(server) });
  client.on('error', () => {});
  client.write(['POST / HTTP/1.1', 'Host: a', ...lines].join('\r\n'));
  // The server has begun to read the body.
  await once(client, 'data');
  then(client);
  const result = await promise;
  client.destroy();
  server.closeAllConnections();
  server.close();
  return result;
}

function rejectedWith(result: PromiseSettledResult<string>, kind: string, message: RegExp): void {
  assert.equal(result.status, 'rejected');
  assert.throws(
    () => {
      throw result.reason;
    },
    { kind, message },
  );
}

const tooLarge =
  /^reading the request: its body is larger than 10 bytes; send fewer events at a time, or raise MAX_/;

test('a body as large as the limit is read whole', async () => {
  const result = await read(['Content-Length: 10', '', '0123456789']);
  assert.deepEqual(result, { status: 'fulfilled', value: '0123456789' });
});

test('a body in several chunks is concatenated', async () => {
  const parts = ['Transfer-Encoding: chunked', '', '3', '\u00e9a', ''];
  const result = await read(parts, (client) => client.write('2\r\nbc\r\n0\r\n\r\n'));
  assert.deepEqual(result, { status: 'fulfilled', value: '\u00e9abc' });
});

test('a request without a body is an empty one', async () => {
  assert.deepEqual(await read(['', '']), { status: 'fulfilled', value: '' });
});

test('a body whose content-length exceeds the limit is refused before it is read', async () => {
  rejectedWith(await read(['Content-Length: 11', '', '']), 'too-large', tooLarge);
});

test('a body of unknown length is refused as soon as it exceeds the limit', async () => {
  const result = await read(['Transfer-Encoding: chunked', '', 'b', '0123456789a', '']);
  rejectedWith(result, 'too-large', tooLarge);
});

for (const [how, leave] of [
  ['closes its connection', (client: Socket) => client.destroy()],
  ['resets its connection', (client: Socket) => client.resetAndDestroy()],
] as const) {
  test(`a request is invalid when its sender ${how} in the middle`, async () => {
    const result = await read(['Content-Length: 10', '', 'half'], leave);
    rejectedWith(result, 'invalid-input', /^reading the request: aborted; send a whole HTTP request$/);
  });
}

test('what is declared is reserved at once, and what is not declared as it arrives, doubling up to the limit', async () => {
  const reserved: number[][] = [[], []];
  const into = (index: number) => (bytes: number) => reserved[index]?.push(bytes);
  const finish = (client: Socket) => client.write('3\r\nefg\r\n1\r\nh\r\n0\r\n\r\n');
  await read(['Content-Length: 9', '', '012345678'], () => {}, into(0));
  const chunked = await read(['Transfer-Encoding: chunked', '', '4', 'abcd', ''], finish, into(1));
  assert.deepEqual(chunked, { status: 'fulfilled', value: 'abcdefgh' });
  assert.deepEqual(reserved, [[9], [4, 4]]);
});

for (const [what, lines] of [
  ['a declared body', ['Content-Length: 9', '', '0123']],
  ['a body of unknown length', ['Transfer-Encoding: chunked', '', '4', 'abcd', '']],
] as const) {
  test(`${what} is refused with what the reservation throws`, async () => {
    const failure = new LedgerError('overloaded', { operation: '', subject: '', fact: 'full', remedy: '' });
    const refuse = () => {
      throw failure;
    };
    assert.deepEqual(await read(lines, () => {}, refuse), { status: 'rejected', reason: failure });
  });
}

test('a sender that has disconnected before its body is read does not leave the reader waiting', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const server = createServer((request) => {
    // As while its token is verified.
    request.on('close', () => {
      readBody(request, limit).catch(resolve);
    });
  });
  const client = connect({ host: '127.0.0.1', port: await listenAnywhere(server) });
  client.on('error', () => {});
  client.write(['POST / HTTP/1.1', 'Host: a', 'Content-Length: 10', '', '01'].join('\r\n'));
  await once(client, 'ready');
  client.end();
  const failure = await promise;
  server.close();
  assert.ok(failure instanceof LedgerError);
  assert.equal(failure.kind, 'invalid-input');
});

test('a large body is read some at a time, whether it is taken or discarded: other connections are served in between', async () => {
  const size = 8 * 2 ** 20;
  for (const isTaken of [true, false]) {
    let [turn, most] = [0, 0];
    const ended = Promise.withResolvers<void>();
    const server = createServer((request, response) => {
      const nextTurn = () => {
        turn = 0;
        if (!request.complete) setImmediate(nextTurn);
      };
      nextTurn();
      const body = readBody(request, size, () => {
        if (!isTaken)
          throw new LedgerError('overloaded', { operation: '', subject: '', fact: '', remedy: '' });
      });
      request.on('data', (chunk: Buffer) => {
        turn += chunk.length;
        most = Math.max(most, turn);
      });
      request.on('end', () => ended.resolve());
      body.then(
        () => response.end(),
        () => response.end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
    const client = connect({ host: '127.0.0.1', port: address.port });
    client.on('error', () => {});
    client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    client.write(Buffer.alloc(size));
    await ended.promise;
    client.destroy();
    server.closeAllConnections();
    server.close();
    assert.ok(most > 0 && most <= 2 ** 18, `${most} bytes in one turn`);
  }
});

test('of many large bodies one is read on in each turn of the event loop, and all to their end', async () => {
  const [count, size] = [50, 2 ** 20];
  let [turn, most, isOver] = [0, 0, false];
  const bodies: Promise<Buffer>[] = [];
  const begun = Promise.withResolvers<void>();
  const server = createServer((request) => {
    bodies.push(readBody(request, size));
    let received = 0;
    request.on('data', (chunk: Buffer) => {
      // A small body is read at once.
      if (received > 65_536) turn += chunk.length;
      received += chunk.length;
    });
    if (bodies.length === count) begun.resolve();
  });
  const nextTurn = () => {
    most = Math.max(most, turn);
    turn = 0;
    if (!isOver) setImmediate(nextTurn);
  };
  const port = await listenAnywhere(server);
  const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`;
  const clients = Array.from({ length: count }, () => connect({ host: '127.0.0.1', port }));
  for (const client of clients) client.on('error', () => {}).write(head);
  await begun.promise;
  nextTurn();
  for (const client of clients) client.write(Buffer.alloc(size));
  const lengths = (await Promise.all(bodies)).map(({ length }) => length);
  isOver = true;
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  server.close();
  assert.deepEqual(lengths, Array(count).fill(size));
  assert.ok(most > 0 && most <= 2 ** 18, `${most} bytes in one turn`);
});
