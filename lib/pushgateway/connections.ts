import { Client, type Dispatcher, Pool } from 'undici';
import { isBrokenConnection } from '../access/access-failure.ts';
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
   * Resolves with the answer once its last byte has arrived. A request whose connection broke is repeated once: all are idempotent.
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
  // `exchange` has a time limit of its own; those of the client would be two more timers for each request.
  const options = { allowH2: false, connect: tls, headersTimeout: 0, bodyTimeout: 0 };
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
    async stream(path, headers, milliseconds) {
      const [headersTimeout, bodyTimeout] = [milliseconds, milliseconds];
      const request = { method: 'GET', path, headers: headers ?? {}, headersTimeout, bodyTimeout } as const;
      try {
        return await pool.request(request);
      } catch (failure) {
        if (!isBrokenConnection(failure)) throw failure;
        return await pool.request(request);
      }
    },
    close: () => pool.close(),
  };
}

const answerLimit = 1024;

function exchange(dispatcher: Dispatcher, request: Request, milliseconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    new Exchange(dispatcher, request, { resolve, reject }).start(milliseconds);
  });
}

interface Settle {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: Error) => void;
}

/**
 * One request and its answer, by undici's own events: its promises and streams take longer than the rest of a push.
 *
 * Repeats the request once, at once, when the connection broke: the server may just have closed a kept-alive connection.
 * Longer outages are left to the broker's retries. Both attempts share the time limit.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #dispatcher: Dispatcher;
  readonly #request: Request;
  readonly #settle: Settle;
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #timedOut: TimeLimitError | undefined;
  #isRepeated = false;
  #status = 0;
  #location = '';
  #isLast = false;
  #serverHostname = '';
  #text = '';

  constructor(dispatcher: Dispatcher, request: Request, settle: Settle) {
    this.#dispatcher = dispatcher;
    this.#request = request;
    this.#settle = settle;
  }

  start(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#endTime(milliseconds), milliseconds);
    this.#dispatcher.dispatch(this.#request, this);
  }

  #endTime(milliseconds: number): void {
    this.#timedOut = new TimeLimitError(`no answer within ${milliseconds} ms`);
    this.#settle.reject(this.#timedOut);
    this.#controller?.abort(this.#timedOut);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#timedOut !== undefined) controller.abort(this.#timedOut);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#location = String(headers['location'] ?? '');
    this.#isLast = headers['connection'] === 'close';
    this.#serverHostname = String(headers['x-server-hostname'] ?? '');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#text.length < answerLimit) this.#text += chunk.toString('utf8');
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    this.#settle.resolve({
      status: this.#status,
      text: this.#text.slice(0, answerLimit),
      location: this.#location,
      isLast: this.#isLast,
      serverHostname: this.#serverHostname,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#isRepeated && this.#timedOut === undefined && isBrokenConnection(error)) {
      this.#isRepeated = true;
      this.#text = '';
      // Not from inside of undici's handling of the broken connection.
      queueMicrotask(() => this.#dispatcher.dispatch(this.#request, this));
      return;
    }
    clearTimeout(this.#timer);
    this.#settle.reject(error);
  }
}
