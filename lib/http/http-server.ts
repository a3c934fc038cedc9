import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { LedgerError, reasonOf } from '../errors.ts';
import { drainOnClose } from './drain.ts';
import type { HttpAnswer } from './problem.ts';

/**
 * Not imported: an `import` of `node:http` reads each of its exports, and with `WebSocket` loads Node's whole client, a quarter
 * of the time that a start takes. https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
const { createServer } = process.getBuiltinModule('node:http');

/** An HTTP server that ends when it is closed, and that no request can crash. */
export interface HttpServer {
  /**
   * Resolves with the URL that it listens at; port 0 picks a free one.
   *
   * @throws LedgerError `configuration` when the address cannot be listened on.
   */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Stops accepting, lets what is in flight be answered, and resolves when the last connection has ended. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  /** What a request is answered with. Called for any number of requests at once. */
  readonly answer: (request: IncomingMessage) => Promise<HttpAnswer>;
  /** What a request is answered with for which `answer` has failed; logs the failure. Never throws. */
  readonly failureAnswer: (failure: unknown) => HttpAnswer;
  /** What to do about an address that cannot be listened on; names the setting. */
  readonly listenRemedy: string;
}

/** The remedy where `HOST` and `PORT` say what to listen on. */
export const hostRemedy = 'set HOST and PORT to an address that is free';

/**
 * How long a client may take to send one request, and how often that is checked, in milliseconds. Node answers 408:
 * https://nodejs.org/api/http.html#serverrequesttimeout
 */
const requestTimeout = 10_000;
const connectionsCheckingInterval = 1000;

/**
 * How long a connection stays open between two requests, in milliseconds: longer than the 90 s of Go's client, which
 * Knative's queue-proxy is. Node's 5 s would close it while the proxy sends the next event, which gets a 502 then:
 * https://github.com/knative/serving/issues/12414
 */
const keepAliveTimeout = 95_000;

export function createHttpServer({ answer, failureAnswer, listenRemedy }: HttpServerOptions): HttpServer {
  let closing = false;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let result: HttpAnswer;
    try {
      result = await answer(request);
    } catch (failure) {
      result = failureAnswer(failure);
    }
    // The rest of a body that is too large is not read.
    writeAnswer(response, result, closing || result.statusCode === 413);
  }

  const server = createServer(
    { requestTimeout, connectionsCheckingInterval, keepAliveTimeout },
    (request, response) => {
      respond(request, response).catch(() => response.destroy());
    },
  );
  const drain = drainOnClose(server);
  return {
    async listen({ host, port }) {
      server.listen(port, host);
      try {
        await once(server, 'listening');
      } catch (cause) {
        const subject = `${host}:${port}`;
        const parts = { operation: 'listening on', subject, fact: reasonOf(cause), remedy: listenRemedy };
        throw new LedgerError('configuration', parts, { cause });
      }
      return urlOf(server);
    },
    async close() {
      closing = true;
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

/** Writes a whole answer. `isLast`: the connection ends with it. */
function writeAnswer(
  response: ServerResponse,
  { statusCode, headers, body }: HttpAnswer,
  isLast: boolean,
): void {
  if (isLast) response.setHeader('connection', 'close');
  if (body !== '') response.setHeader('content-length', Buffer.byteLength(body));
  response.writeHead(statusCode, headers).end(body);
}
