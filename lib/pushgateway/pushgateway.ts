import type { Dispatcher } from 'undici';
import { basicAuthentication } from '../basic-authentication.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import { linesOf } from '../lines-of.ts';
import type { GroupingKey } from '../metrics/grouping-key.ts';
import { retry } from '../retry.ts';
import type { Answer, Connections } from './connections.ts';
import { groupPath } from './group-path.ts';
import { createTimedPushes } from './timed-pushes.ts';

/**
 * The store of the records: a Pushgateway, or a server that accepts its pushes.
 *
 * Any number of calls may be under way at once; beyond the pool's connections they wait, and the wait
 * counts towards their time limit. Calls finish in any order.
 */
export interface Pushgateway {
  /**
   * Stores the families of `exposition` in the group of `key`: they replace the group's families of the same name
   * and leave its other ones. Resolves once the gateway has accepted them; idempotent.
   *
   * @param timed The same with the times of the samples, which goes to a server that stores them (VictoriaMetrics).
   * @throws LedgerError `gateway-unavailable` when it is retryable, `gateway-refused` when it is not.
   */
  push(key: GroupingKey, exposition: string, timed?: () => string): Promise<void>;
  /** Like `push`, but the families replace all that the group has. */
  replace(key: GroupingKey, exposition: string): Promise<void>;
  /** Deletes the group at a {@link groupPath}; a missing one is no error. Throws like `push`. */
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
  /** Base URL, with a path where the gateway is below one; a user and a password go as basic authentication. */
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
  let opened: Promise<Connections> | undefined;

  /** The client is loaded with the first call: an event without a restart needs none. */
  function open(): Promise<Connections> {
    opened ??= import('./connections.ts').then(({ connectTo }) => connectTo(url.origin, connections));
    return opened;
  }

  const prefix = url.pathname.replace(/\/+$/, '');
  const timedPushes = createTimedPushes(prefix);
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', ...basicAuthentication(url) };

  async function call(method: 'POST' | 'PUT' | 'DELETE', group: string, body: string): Promise<Answer> {
    const path = `${prefix}${group}`;
    const request = { method, path, headers, body };
    let answer: Answer;
    try {
      const gateway = await open();
      answer = await withinLimit(timeoutMilliseconds, async (limit) => {
        const start = performance.now();
        const first = await gateway.exchange(request, limit);
        if (!mayBeDropped(first)) return first;
        return await gateway.exchangeAnew(request, Math.max(1, limit - (performance.now() - start)));
      });
    } catch (error) {
      throw unreachable(error, operations[method], `${url.origin}${path}`, timeoutMilliseconds);
    }
    if (!isSuccess(answer.status)) throw refusal(answer, operations[method], `${url.origin}${path}`);
    return answer;
  }

  async function* lines(path: string): AsyncGenerator<readonly string[], void, void> {
    const subject = `${url.origin}${prefix}${path}`;
    let answer: Dispatcher.ResponseData;
    try {
      const gateway = await open();
      answer = await withinLimit(timeoutMilliseconds, (limit) =>
        gateway.stream(`${prefix}${path}`, basicAuthentication(url), limit),
      );
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
    push(key, exposition, timed) {
      const group = groupPath(key);
      return timedPushes.push((text) => call('POST', group, text), exposition, timed);
    },
    async replace(key, exposition) {
      await call('PUT', groupPath(key), exposition);
    },
    async remove(path) {
      await call('DELETE', path, '');
    },
    lines,
    close: async () => (await opened)?.close(),
  };
}

const operations = { POST: 'pushing to', PUT: 'pushing to', DELETE: 'deleting' } as const;

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/**
 * Whether a Pushgateway may have dropped what it accepted. With `--push.disable-consistency-check` it answers 202 when a
 * push is queued. On SIGTERM it closes its listeners, stores what is queued and ends; what it queues after that, on
 * connections that are still open, it drops. Go's server closes the connection after each answer by then, so such a push is
 * repeated on a new one: that reaches the gateway's successor, or nothing, and is retried.
 *
 * Source: `handler/push.go` and `storage/diskmetricstore.go` of https://github.com/prometheus/pushgateway
 */
function mayBeDropped({ status, isLast }: Answer): boolean {
  return status === 202 && isLast;
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
  const location = String(headers['location'] ?? '');
  return { status: statusCode, text: await body.text(), location, isLast: false, serverHostname: '' };
}

const brokenConnection = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * Retries once, at once, when the connection broke: the server may just have closed a kept-alive connection.
 * Longer outages are left to the broker's retries. Both attempts share the time limit.
 */
function withinLimit<T>(milliseconds: number, attempt: (limit: number) => Promise<T>): Promise<T> {
  const start = performance.now();
  return retry(() => attempt(Math.max(1, milliseconds - (performance.now() - start))), {
    attempts: 2,
    isRetryable: (failure) => brokenConnection.has(codeOf(failure)),
    firstMilliseconds: 0,
    sleep: () => Promise.resolve(),
    random: () => 0,
  });
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
  const timedOut =
    error instanceof Error && /^(?:TimeLimit|HeadersTimeout|BodyTimeout)Error$/.test(error.name);
  const fact = timedOut ? `no answer within ${timeoutMilliseconds} ms` : reasonOf(error) || codeOf(error);
  const remedy = timedOut
    ? 'look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT'
    : 'check PUSHGATEWAY_URL and that the Pushgateway runs';
  return new LedgerError('gateway-unavailable', { operation, subject, fact, remedy }, { cause: error });
}

/** Characters of an answer that a message shows. */
const reasonLimit = 1024;

/** Statuses of 4xx that are retryable. */
const retryableStatuses = new Set([408, 425, 429]);

function refusal({ status, text: body, location }: Answer, operation: string, subject: string): LedgerError {
  const text = body.slice(0, reasonLimit).trim().replaceAll(/\s+/g, ' ');
  const fact = `the gateway answered ${status}${text === '' ? '' : ` (${text})`}`;
  if (status >= 500 || retryableStatuses.has(status)) {
    const remedy = 'retry it';
    return new LedgerError('gateway-unavailable', { operation, subject, fact, remedy }, { status });
  }
  if (status >= 300 && status < 400) {
    const remedy = `set PUSHGATEWAY_URL to where it points${location === '' ? '' : ` (${location})`}`;
    return new LedgerError('gateway-refused', { operation, subject, fact, remedy }, { status });
  }
  const remedy =
    status === 401 || status === 403
      ? 'put a user and a password that it accepts into PUSHGATEWAY_URL'
      : 'check that PUSHGATEWAY_URL is the base URL of a Pushgateway, and read its reason';
  return new LedgerError('gateway-refused', { operation, subject, fact, remedy }, { status });
}
