import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenAnywhere } from './listen.ts';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the stub does with a request once it has been read whole. A response that it leaves alone hangs. */
export type Behaviour = (response: ServerResponse, request: StubRequest) => unknown;

/** A gateway double for faults that a real Pushgateway does not show on demand. */
export interface HttpStub {
  readonly url: string;
  /** Every request that has been read by now, in order; it grows. */
  readonly requests: readonly StubRequest[];
  /** From the next request on. */
  behave(behaviour: Behaviour): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startHttpStub(first: Behaviour = answering(200)): Promise<HttpStub> {
  let behaviour = first;
  const requests: StubRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: await text(incoming) };
    requests.push(request);
    await behaviour(response, request);
  });
  const port = await listenAnywhere(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    async [Symbol.asyncDispose]() {
      const { promise: closed, resolve: close } = Promise.withResolvers<unknown>();
      server.close(close);
      server.closeAllConnections();
      await closed;
    },
  };
}

export function answering(
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Reads the request and never answers. */
export const neverAnswering: Behaviour = () => undefined;

/** Sends the head and a part of an answer, and never the rest. */
export const stallingMidAnswer: Behaviour = (response) =>
  response.writeHead(200, { 'content-length': '10' }).write('half');

/** Closes the connection without an answer. */
export const disconnecting: Behaviour = (response) => response.destroy();

/** Closes the connection in the middle of an answer. */
export const disconnectingMidAnswer: Behaviour = (response) =>
  response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());

/** Answers with what is no HTTP. */
export const answeringNonHttp: Behaviour = (response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n');

/** Each behaviour for one request, the last one for all that follow. */
export function inSequence(...behaviours: readonly Behaviour[]): Behaviour {
  let requests = 0;
  return (response, request) => behaviours[Math.min(requests++, behaviours.length - 1)]?.(response, request);
}

/** Delays the behaviour until `release` settles. */
export function held(release: Promise<unknown>, behaviour: Behaviour): Behaviour {
  return async (response, request) => {
    await release;
    await behaviour(response, request);
  };
}
