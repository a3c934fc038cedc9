import { Client, type Dispatcher, Pool } from 'undici';
import type { TlsOptions } from '../access/server-access.ts';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** The start of the body. */
  readonly text: string;
  readonly location: string;
  /** Whether the server closes the connection after it (`Connection: close`). */
  readonly isLast: boolean;
  /** The header field `X-Server-Hostname`; empty where there is none. */
  readonly serverHostname: string;
}

export type Request = Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'headers' | 'body'>;

/** Kept-alive connections to one server. Any number of requests may be under way; those beyond `connections` wait. */
export interface Connections {
  /**
   * Resolves with the answer once its last byte has arrived.
   *
   * @throws Error of undici, or one named `TimeLimitError` when that takes longer than the time limit, the wait for a
   * free connection included.
   */
  exchange(request: Request, milliseconds: number): Promise<Answer>;
  /** Like `exchange`, on a connection that is opened now, and closed after the answer. */
  exchangeAnew(request: Request, milliseconds: number): Promise<Answer>;
  /** The answer to a GET, to be read as it comes; fails when a wait in it takes longer than the time limit. */
  stream(path: string, headers: Request['headers'], milliseconds: number): Promise<Dispatcher.ResponseData>;
  /** Ends the connections once the requests under way are done. */
  close(): Promise<void>;
}

class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

export interface ConnectOptions {
  /** The most at a time. */
  readonly connections: number;
  readonly tls: TlsOptions;
}

export function connectTo(origin: string, { connections, tls }: ConnectOptions): Connections {
  // Of HTTP/2 an answer does not say that it is the last one of a server that stops.
  const options = { allowH2: false, connect: tls };
  const pool = new Pool(origin, { ...options, connections });
  return {
    exchange: (request, milliseconds) => exchange(pool, request, milliseconds),
    async exchangeAnew(request, milliseconds) {
      const client = new Client(origin, options);
      try {
        return await exchange(client, request, milliseconds);
      } finally {
        await client.destroy();
      }
    },
    stream: (path, headers, milliseconds) =>
      pool.request({
        method: 'GET',
        path,
        headers: headers ?? {},
        headersTimeout: milliseconds,
        bodyTimeout: milliseconds,
      }),
    close: () => pool.close(),
  };
}

const answerLimit = 1024;

/** By undici's own events: its promises and streams take longer than the rest of a push. */
function exchange(dispatcher: Dispatcher, request: Request, milliseconds: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let controller: Dispatcher.DispatchController | undefined;
  let timedOut: TimeLimitError | undefined;
  let status = 0;
  let location = '';
  let isLast = false;
  let serverHostname = '';
  let text = '';
  const timer = setTimeout(() => {
    timedOut = new TimeLimitError(`no answer within ${milliseconds} ms`);
    reject(timedOut);
    controller?.abort(timedOut);
  }, milliseconds);

  dispatcher.dispatch(request, {
    onRequestStart(started) {
      controller = started;
      if (timedOut !== undefined) started.abort(timedOut);
    },
    onResponseStart(_controller, statusCode, headers) {
      status = statusCode;
      location = String(headers['location'] ?? '');
      isLast = headers['connection'] === 'close';
      serverHostname = String(headers['x-server-hostname'] ?? '');
    },
    onResponseData(_controller, chunk) {
      if (text.length < answerLimit) text += chunk.toString('utf8');
    },
    onResponseEnd() {
      clearTimeout(timer);
      resolve({ status, text: text.slice(0, answerLimit), location, isLast, serverHostname });
    },
    onResponseError(_controller, error) {
      clearTimeout(timer);
      reject(error);
    },
  });
  return promise;
}
