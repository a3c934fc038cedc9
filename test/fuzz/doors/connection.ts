import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { readHttpMessage } from '../../../lib/cloudevents/http-message.ts';
import { createEventServer } from '../../../lib/http/event-server.ts';
import { createFunctionMetrics } from '../../../lib/observability/function-metrics.ts';
import { messages } from '../corpus.ts';
import type { Door } from '../door.ts';
import { handle, log } from './event.ts';

/** A request as it goes over the wire. */
const requests = messages.map((message) => {
  const end = message.indexOf('\n\n');
  const headers = message.subarray(0, end).toString('latin1').replaceAll('\n', '\r\n');
  const body = message.subarray(end + 2);
  const head = `POST / HTTP/1.1\r\nHost: ledger\r\nConnection: close\r\nContent-Length: ${body.length}\r\n`;
  return Buffer.concat([Buffer.from(`${head}${headers}\r\n\r\n`), body]);
});

/** Bytes on a connection to the real server: every answer is HTTP and below 500, and the connection ends. */
export function openConnectionDoor(): Door & AsyncDisposable {
  const config = { authToken: undefined, maxBodyBytes: 65_536, maxBytesInFlight: 1_048_576, maxInFlight: 64 };
  const server = createEventServer({
    config,
    readMessage: readHttpMessage,
    handle,
    metrics: createFunctionMetrics(),
    log,
  });
  const listening = server.listen({ host: '127.0.0.1', port: 0 });
  return {
    name: 'HTTP connection',
    share: 1,
    corpus: [
      ...requests,
      Buffer.from('GET /health/liveness HTTP/1.1\r\nHost: ledger\r\nConnection: close\r\n\r\n'),
    ],
    async take(input, choices) {
      const answer = (await exchanged(Number(new URL(await listening).port), input, choices)).toString(
        'latin1',
      );
      if (answer === '') return 'refused';
      const [, status = ''] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
      assert.match(status, /^[1-4]/, answer);
      return status.startsWith('2') ? 'accepted' : 'refused';
    },
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

/** Sends the input in two pieces and ends; resolves with what came back when the connection has ended. */
async function exchanged(port: number, input: Buffer, [cut = 0]: readonly number[]): Promise<Buffer> {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const pieces: Buffer[] = [];
  const socket = connect(port, '127.0.0.1')
    .on('data', (piece) => pieces.push(piece))
    // The server may reset a connection whose bytes are no HTTP.
    .on('error', () => {})
    .on('close', () => resolve());
  const middle = cut % (input.length + 1);
  socket.write(input.subarray(0, middle), () => socket.end(input.subarray(middle)));
  await ended;
  return Buffer.concat(pieces);
}
