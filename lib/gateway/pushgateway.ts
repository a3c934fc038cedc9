import type { Dispatcher, Pool } from 'undici';
import { LedgerError, reasonOf } from '../errors.ts';
import { linesOf } from '../lines-of.ts';
import type { GroupingKey } from '../metrics/grouping-key.ts';
import { groupPath } from './group-path.ts';

/**
 * Where records are kept: a Pushgateway, or whatever takes its pushes.
 *
 * Any number of calls may be under way at once; beyond the pool's connections they wait, and the time they wait
 * counts towards their time limit. Calls finish in any order.
 */
export interface Pushgateway {
  /**
   * Stores the families of `exposition` in the group of `key`: they replace the group's families of the same name
   * and leave its other ones. Resolves once the gateway has accepted them; doing it again changes nothing.
   *
   * @throws LedgerError `gateway-unavailable` when it may work later, `gateway-refused` when it will not.
   */
  push(key: GroupingKey, exposition: string): Promise<void>;
  /** Like `push`, but the families are all that the group holds afterwards. */
  replace(key: GroupingKey, exposition: string): Promise<void>;
  /** Deletes the group at a {@link groupPath}; one that is not there is no error. Throws like `push`. */
  remove(path: string): Promise<void>;
  /**
   * What a path below the base URL answers, in lines without their ends, some at a time. The time limit is for the first byte and
   * for each further wait. Throws like `push`, also in the middle.
   */
  lines(path: string): AsyncGenerator<readonly string[], void, void>;
  /** Ends the connections once the pushes under way are done. */
  close(): Promise<void>;
}

export interface PushgatewayOptions {
  /** Base URL, with a path where the gateway lives below one; a user and a password go as basic authentication. */
  readonly url: URL;
  /** For one push, from the call to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
  /** The most connections at a time. */
  readonly connections: number;
}

export function createPushgateway({
  url,
  timeoutMilliseconds,
  connections,
}: PushgatewayOptions): Pushgateway {
  let opened: Promise<Pool> | undefined;

  /** The client is loaded with the first call: an event without a restart needs none. */
  function open(): Promise<Pool> {
    opened ??= import('./connection-pool.ts').then(({ Pool }) => new Pool(url.origin, { connections }));
    return opened;
  }

  const prefix = url.pathname.replace(/\/+$/, '');
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', ...authorization(url) };

  async function call(method: 'POST' | 'PUT' | 'DELETE', group: string, body: string): Promise<void> {
    const path = `${prefix}${group}`;
    const limit = new AbortController();
    // Not AbortSignal.timeout, which is kept for its whole time: thousands of calls a second would pile up.
    const timer = setTimeout(() => limit.abort(new DOMException('', 'TimeoutError')), timeoutMilliseconds);
    const request: Dispatcher.RequestOptions = { method, path, headers, body, signal: limit.signal };
    let answer: Answer;
    try {
      answer = await withOneRetry(async () => send(await open(), request));
    } catch (error) {
      throw unreachable(error, operations[method], `${url.origin}${path}`, timeoutMilliseconds);
    } finally {
      clearTimeout(timer);
    }
    if (!isSuccess(answer.status)) throw refusal(answer, operations[method], `${url.origin}${path}`);
  }

  async function* lines(path: string): AsyncGenerator<readonly string[], void, void> {
    const subject = `${url.origin}${prefix}${path}`;
    const limits = { headersTimeout: timeoutMilliseconds, bodyTimeout: timeoutMilliseconds };
    const request = {
      method: 'GET',
      path: `${prefix}${path}`,
      headers: authorization(url),
      ...limits,
    } as const;
    let answer: Dispatcher.ResponseData;
    try {
      answer = await withOneRetry(async () => (await open()).request(request));
    } catch (error) {
      throw unreachable(error, 'reading', subject, timeoutMilliseconds);
    }
    if (!isSuccess(answer.statusCode)) throw refusal(await readAnswer(answer), 'reading', subject);
    try {
      yield* linesOf(answer.body.setEncoding('utf8'));
    } catch (error) {
      throw unreachable(error, 'reading', subject, timeoutMilliseconds);
    }
  }

  return {
    push: (key, exposition) => call('POST', groupPath(key), exposition),
    replace: (key, exposition) => call('PUT', groupPath(key), exposition),
    remove: (path) => call('DELETE', path, ''),
    lines,
    close: async () => (await opened)?.close(),
  };
}

const operations = { POST: 'pushing to', PUT: 'pushing to', DELETE: 'deleting' } as const;

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function authorization(url: URL): { readonly authorization?: string } {
  if (url.username === '' && url.password === '') return {};
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` };
}

interface Answer {
  readonly status: number;
  /** The start of the body, on one line. */
  readonly text: string;
  readonly location: string;
}

const answerLimit = 1024;

async function send(pool: Pool, request: Dispatcher.RequestOptions): Promise<Answer> {
  return await readAnswer(await pool.request(request));
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > answerLimit) break;
  }
  return {
    status: statusCode,
    text: text.slice(0, answerLimit).trim().replaceAll(/\s+/g, ' '),
    location: String(headers['location'] ?? ''),
  };
}

const brokenConnection = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** A kept-alive connection may have been closed by the other side just now; longer troubles are the broker's. */
async function withOneRetry<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!brokenConnection.has(codeOf(error))) throw error;
    return await attempt();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unreachable(
  error: unknown,
  operation: string,
  subject: string,
  timeoutMilliseconds: number,
): LedgerError {
  const late =
    error instanceof Error && /Timeout(?:Error)?$/.test(error.name) && !/^Connect/.test(error.name);
  const fact = late ? `no answer within ${timeoutMilliseconds} ms` : reasonOf(error) || codeOf(error);
  const remedy = late
    ? 'look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT'
    : 'check PUSHGATEWAY_URL and that the Pushgateway runs';
  return new LedgerError('gateway-unavailable', { operation, subject, fact, remedy }, { cause: error });
}

/** Answers of 4xx that ask for another try. */
const askedToWait = new Set([408, 425, 429]);

function refusal({ status, text, location }: Answer, operation: string, subject: string): LedgerError {
  const fact = `the gateway answered ${status}${text === '' ? '' : ` (${text})`}`;
  if (status >= 500 || askedToWait.has(status)) {
    return new LedgerError('gateway-unavailable', {
      operation,
      subject,
      fact,
      remedy: 'it is worth a retry',
    });
  }
  if (status >= 300 && status < 400) {
    const remedy = `set PUSHGATEWAY_URL to where it points${location === '' ? '' : ` (${location})`}`;
    return new LedgerError('gateway-refused', { operation, subject, fact, remedy });
  }
  const remedy =
    status === 401 || status === 403
      ? 'put a user and a password that it accepts into PUSHGATEWAY_URL'
      : 'check that PUSHGATEWAY_URL is the base URL of a Pushgateway, and read its reason';
  return new LedgerError('gateway-refused', { operation, subject, fact, remedy });
}
