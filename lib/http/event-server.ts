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

export interface EventServerDependencies<Event> {
  readonly config: AuthenticationSettings &
    Pick<Config['server'], 'maxBodyBytes' | 'maxBytesInFlight' | 'maxInFlight'>;
  /** What a request carries. @throws LedgerError for what it refuses. */
  readonly readMessage: (headers: IncomingHttpHeaders, body: Buffer) => readonly Event[];
  readonly handle: Handle<Event>;
  readonly metrics: EventMetrics & ExposedMetrics;
  readonly log: ProcessLog;
}

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
  let closing = false;
  const endpoints = { metrics, isReady: () => !closing };

  async function receive(request: IncomingMessage): Promise<HttpAnswer> {
    const start = performance.now();
    try {
      const verifying = authenticate?.(request.headers.authorization);
      if (verifying !== undefined) await verifying;
      return await answerEvents(request);
    } catch (error) {
      metrics.eventHandled(
        error instanceof LedgerError ? error.kind : 'failed',
        (performance.now() - start) / 1000,
      );
      return failureAnswer(error);
    }
  }

  /**
   * A request is in flight from the end of its body, so that a slow sender does not use up the limit, until the work
   * for its events has ended, even if its sender disconnects.
   */
  async function answerEvents(request: IncomingMessage): Promise<HttpAnswer> {
    const { reserve, release } = byteLimit.open();
    try {
      const body = await readBody(request, maxBodyBytes, reserve);
      limit.enter();
      try {
        return await handleBatch(readMessage(request.headers, body), handle, log);
      } finally {
        limit.leave();
      }
    } finally {
      release();
    }
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
