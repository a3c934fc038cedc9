import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { credentialsRemedy, tlsFailure } from '../access/access-failure.ts';
import { redact } from '../access/redact.ts';
import { type Access, createServerAccess, type TlsOptions } from '../access/server-access.ts';
import { type AccessSettings, type Server, urlSetting } from '../config/access-settings.ts';
import { type ErrorParts, excerptOf, LedgerError, reasonOf } from '../errors.ts';
import { linesOf } from '../lines-of.ts';
import type { GroupingKey } from '../metrics/grouping-key.ts';
import type { Answer, Connections, Request } from './connections.ts';
import { createDroppedPushes } from './dropped-pushes.ts';
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
   * @param timed The same with the times of the samples, which goes to a server that stores them (VictoriaMetrics);
   * gives `undefined` where there is none to give.
   * @throws LedgerError `gateway-unavailable` when it is retryable, `gateway-refused` when it is not.
   */
  push(key: GroupingKey, exposition: string, timed?: () => string | undefined): Promise<void>;
  /** Like `push`, but the families replace all that the group has. */
  replace(key: GroupingKey, exposition: string): Promise<void>;
  /** Deletes the group at a {@link groupPath}; a missing one is no error. Throws like `push`. */
  remove(path: string): Promise<void>;
  /**
   * What a path below the base URL answers, in lines without their ends, some at a time. The time limit is for the first byte and
   * for each further wait; of `/metrics`, all that is stored, it is `gatheringMilliseconds` where that is longer. Throws like
   * `push`, also in the middle.
   */
  lines(path: string): AsyncGenerator<readonly string[], void, void>;
  /** Ends the connections once the pushes under way are done. */
  close(): Promise<void>;
}

export interface PushgatewayOptions {
  /** Base URL, with a path where the gateway is below one; a user and a password go as basic authentication. */
  readonly url: URL;
  /** Default: the credentials of the URL, and the public authorities. */
  readonly access?: AccessSettings;
  /** For one push, from the call to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
  /**
   * For each wait for `/metrics`, at least. A Pushgateway gathers and sorts all that it stores before it sends the first byte: of
   * 50,000 groups in 5 seconds, and in 13 to 41 on a busy machine, each measured on two cores. Default: two minutes.
   */
  readonly gatheringMilliseconds?: number;
  /** The most connections at a time. */
  readonly connections: number;
  /** Resolves after so many milliseconds. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

const noAccess: AccessSettings = { prefix: 'PUSHGATEWAY' };

/** @throws LedgerError `configuration` when a file of the credentials or certificates cannot be used. */
export function createPushgateway({
  url,
  access = noAccess,
  timeoutMilliseconds,
  gatheringMilliseconds = 120_000,
  connections,
  sleep = delay,
}: PushgatewayOptions): Pushgateway {
  const server: Server = { url, access };
  const currentAccess = createServerAccess(server, { nowMilliseconds: () => performance.now() });
  const prefix = url.pathname.replace(/\/+$/, '');
  let pushAccess = forPushes(currentAccess());
  let opened: { readonly tls: TlsOptions; readonly connections: Connections } | undefined;

  /** The client is loaded with the first call: an event without a restart needs none. */
  async function open(): Promise<Connections> {
    const { connectTo } = await import('./connections.ts');
    const { tls } = currentAccess();
    if (opened?.tls !== tls) {
      // Connections that were opened with certificates that have been replaced end after their requests.
      void opened?.connections.close();
      opened = { tls, connections: connectTo(url.origin, { connections, tls }) };
    }
    return opened.connections;
  }

  const timedPushes = createTimedPushes(prefix);
  const droppedPushes = createDroppedPushes(sleep);

  async function call(method: Method, group: string, body: string): Promise<Answer> {
    const current = currentAccess();
    if (current !== pushAccess.access) pushAccess = forPushes(current);
    const request = { method, path: `${prefix}${group}`, headers: pushAccess.headers, body };
    const deadline = performance.now() + timeoutMilliseconds;
    let answer: Answer;
    try {
      const gateway = opened?.tls === current.tls ? opened.connections : await open();
      answer = await gateway.exchange(request, timeoutMilliseconds);
      if (droppedPushes.mayInclude(answer)) {
        answer = await droppedPushes.repeat(() =>
          gateway.exchangeAnew(request, Math.max(1, deadline - performance.now())),
        );
      }
    } catch (error) {
      throw unreachable(error, subjectOf(request), timeoutMilliseconds, server);
    }
    if (!isSuccess(answer.status)) throw refusal(answer, subjectOf(request), server, current.secrets);
    return answer;
  }

  function subjectOf({ method, path }: Pick<Request, 'path'> & { readonly method: Method }): Subject {
    return { operation: operations[method], subject: `${url.origin}${path}` };
  }

  async function* lines(path: string): AsyncGenerator<readonly string[], void, void> {
    const subject = { operation: 'reading', subject: `${url.origin}${prefix}${path}` };
    const { headers, secrets } = currentAccess();
    const waits =
      path === '/metrics' ? Math.max(timeoutMilliseconds, gatheringMilliseconds) : timeoutMilliseconds;
    let answer: Dispatcher.ResponseData;
    try {
      const gateway = await open();
      answer = await gateway.stream(`${prefix}${path}`, headers, waits);
    } catch (error) {
      throw unreachable(error, subject, waits, server);
    }
    if (!isSuccess(answer.statusCode)) throw refusal(await readAnswer(answer), subject, server, secrets);
    try {
      yield* linesOf(answer.body.setEncoding('utf8'));
    } catch (error) {
      throw unreachable(error, subject, waits, server);
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
    close: async () => opened?.connections.close(),
  };
}

const textFormat = 'text/plain; version=0.0.4; charset=utf-8';

/** The header fields of all pushes with one access, put together once. */
function forPushes(access: Access) {
  return { access, headers: { 'content-type': textFormat, ...access.headers } };
}

type Method = 'POST' | 'PUT' | 'DELETE';

const operations: Readonly<Record<Method, string>> = {
  POST: 'pushing to',
  PUT: 'pushing to',
  DELETE: 'deleting',
};

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
  const location = String(headers['location'] ?? '');
  return { status: statusCode, text: await body.text(), location, isLast: false, serverHostname: '' };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

type Subject = Pick<ErrorParts, 'operation' | 'subject'>;

function unreachable(
  error: unknown,
  subject: Subject,
  timeoutMilliseconds: number,
  server: Server,
): LedgerError {
  const timedOut =
    error instanceof Error && /^(?:TimeLimit|HeadersTimeout|BodyTimeout)Error$/.test(error.name);
  const explanation =
    tlsFailure(error, server) ??
    (timedOut
      ? {
          fact: `no answer within ${timeoutMilliseconds} ms`,
          remedy: 'look at the Pushgateway, or raise PUSHGATEWAY_TIMEOUT',
        }
      : {
          fact: reasonOf(error) || codeOf(error),
          remedy: `check ${urlSetting(server.access)} and that the Pushgateway runs`,
        });
  return new LedgerError('gateway-unavailable', { ...subject, ...explanation }, { cause: error });
}

/** Characters of an answer that a message shows. */
const reasonLimit = 1024;

/** Statuses of 4xx that are retryable. */
const retryableStatuses = new Set([408, 425, 429]);

function refusal(answer: Answer, subject: Subject, server: Server, secrets: readonly string[]): LedgerError {
  const { status } = answer;
  const text = excerptOf(redact(answer.text, secrets), reasonLimit);
  const fact = `the gateway answered ${status}${text === '' ? '' : ` (${text})`}`;
  if (status >= 500 || retryableStatuses.has(status)) {
    const remedy = 'retry it';
    return new LedgerError('gateway-unavailable', { ...subject, fact, remedy }, { status });
  }
  if (status >= 300 && status < 400) {
    const location = redact(answer.location, secrets);
    const remedy = `set ${urlSetting(server.access)} to where it points${location === '' ? '' : ` (${location})`}`;
    return new LedgerError('gateway-refused', { ...subject, fact, remedy }, { status });
  }
  const remedy =
    status === 401 || status === 403
      ? credentialsRemedy(server)
      : `check that ${urlSetting(server.access)} is the base URL of a Pushgateway, and read its reason`;
  return new LedgerError('gateway-refused', { ...subject, fact, remedy }, { status });
}
