import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';
import { LedgerError } from '../errors.ts';
import { failureFields, type ProcessLog } from '../observability/log.ts';
import type { EventMetrics, ExposedMetrics } from '../observability/metrics.ts';
import { createRateLimitedLog } from '../observability/rate-limited-log.ts';
import { type AuthenticationSettings, createAuthentication } from './authentication.ts';
import { createByteLimit } from './byte-limit.ts';
import { endpointAnswer } from './endpoints.ts';
import { type Handle, handleBatch } from './handle-batch.ts';
import { createHttpServer, type HttpServer, hostRemedy } from './http-server.ts';
import { createInFlightLimit } from './in-flight-limit.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { readBody } from './read-body.ts';
import { createTurns } from './turns.ts';

export interface EventServerDependencies<Event> {
  readonly config: AuthenticationSettings &
    Pick<Config['server'], 'maxBodyBytes' | 'maxBytesInFlight' | 'maxInFlight'>;
  /** What a request carries. @throws LedgerError for what it refuses. */
  readonly readMessage: (headers: IncomingHttpHeaders, body: Buffer) => readonly Event[];
  readonly handle: Handle<Event>;
  readonly metrics: EventMetrics & ExposedMetrics;
  readonly log: ProcessLog;
}

const acknowledged: HttpAnswer = { statusCode: 204, headers: {}, body: '' };

/** Bodies up to this size, which Pods hardly ever exceed, take no turns: `MAX_IN_FLIGHT` bounds them. */
const smallBody = 65_536;

/** The most bytes of larger bodies whose values are in memory at a time, unless a single one is larger. */
const mostLargeBytes = 8 * 2 ** 20;

/**
 * The host of the function: CloudEvents by POST at any path, `/health/liveness`, `/health/readiness`, `/metrics`.
 *
 * Requests on connections that are still open when it closes are answered too, with `Connection: close`.
 */
export function createEventServer<Event>({
  config,
  readMessage,
  handle,
  metrics,
  log: unlimited,
}: EventServerDependencies<Event>): HttpServer {
  const { maxBodyBytes, maxBytesInFlight, maxInFlight } = config;
  const log = createRateLimitedLog(unlimited, (callback, milliseconds) =>
    setTimeout(callback, milliseconds).unref(),
  );
  const authenticate = createAuthentication(config, log);
  const byteLimit = createByteLimit(maxBytesInFlight);
  const limit = createInFlightLimit(maxInFlight, metrics.inFlight);
  const turns = createTurns(mostLargeBytes, setImmediate);
  let closing = false;
  const endpoints = { metrics, isReady: () => !closing };

  /**
   * A request is in flight from the end of its body, so that a slow sender does not use up the limit, until the work
   * for its events has ended, even if its sender disconnects.
   */
  async function receive(request: IncomingMessage): Promise<HttpAnswer> {
    const start = performance.now();
    const { reserve, release } = byteLimit.open();
    try {
      const verifying = authenticate?.(request.headers.authorization);
      if (verifying !== undefined) await verifying;
      const body = await readBody(request, maxBodyBytes, reserve);
      limit.enter();
      try {
        const answering = body.length > smallBody ? takeTurn(request, body) : answerBody(request, body);
        return (await answering) ?? acknowledged;
      } finally {
        limit.leave();
      }
    } catch (error) {
      metrics.eventHandled(
        error instanceof LedgerError ? error.kind : 'failed',
        (performance.now() - start) / 1000,
      );
      return failureAnswer(error);
    } finally {
      release();
    }
  }

  async function takeTurn(request: IncomingMessage, body: Buffer): Promise<HttpAnswer | undefined> {
    await turns.enter(body.length);
    try {
      return await answerBody(request, body);
    } finally {
      turns.leave(body.length);
    }
  }

  function answerBody({ headers }: IncomingMessage, body: Buffer): Promise<HttpAnswer | undefined> {
    return handleBatch(readMessage(headers, body), handle, log);
  }

  function failureAnswer(failure: unknown): HttpAnswer {
    const answer = problemAnswer(failure);
    const fields = { status: answer.statusCode, ...failureFields(failure) };
    if (failure instanceof LedgerError) log.warn(fields, 'a request was refused');
    else log.error(fields, 'a request failed');
    return answer;
  }

  const server = createHttpServer({
    answer: (request) => {
      const { method = '', url = '' } = request;
      return method === 'POST' ? receive(request) : endpointAnswer(method, url, endpoints);
    },
    failureAnswer,
    listenRemedy: hostRemedy,
  });
  return {
    listen: server.listen,
    async close() {
      closing = true;
      await server.close();
      log.flush();
    },
  };
}
