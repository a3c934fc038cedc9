import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { drainOnClose } from './drain.ts';
import type { HttpAnswer } from './problem.ts';

/** A server of HTTP whose end is certain. */
export interface HttpServer {
  /** Resolves with the URL that it listens at. Rejects with what the system says when it cannot. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Stops accepting, lets what is in flight be answered, and resolves when the last connection has ended. */
  close(): Promise<void>;
}

/** How long a client may take to send one request, in milliseconds. */
const requestTimeout = 30_000;

/**
 * How long a connection stays open between two requests, in milliseconds: longer than the 90 s of Go's client, which
 * Knative's queue-proxy is. Node's 5 s would close it while the proxy sends the next event, which gets a 502 then:
 * https://github.com/knative/serving/issues/12414
 */
const keepAliveTimeout = 95_000;

export function createHttpServer(onRequest: RequestListener): HttpServer {
  const server = createServer({ requestTimeout, keepAliveTimeout }, onRequest);
  const drain = drainOnClose(server);
  return {
    async listen({ host, port }) {
      server.listen(port, host);
      await once(server, 'listening');
      return urlOf(server);
    },
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      drain();
      await promise;
    },
  };
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  const { family, address: host, port } = address;
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}

/** Writes a whole answer. `isLast`: the connection ends with it, and what is left of the request is not waited for. */
export function writeAnswer(
  response: Parameters<RequestListener>[1],
  { statusCode, headers, body }: HttpAnswer,
  isLast: boolean,
): void {
  if (isLast) response.setHeader('connection', 'close');
  if (body !== '') response.setHeader('content-length', Buffer.byteLength(body));
  response.writeHead(statusCode, headers).end(body);
}
