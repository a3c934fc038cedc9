import type { IncomingMessage } from 'node:http';
import { readHttpMessage } from '../cloudevents/http-message.ts';
import type { Config } from '../config.ts';
import { LedgerError } from '../errors.ts';
import { failureFields, type Log } from '../observability/log.ts';
import type { EventMetrics, ExposedMetrics } from '../observability/metrics.ts';
import { authenticate } from './authentication.ts';
import { endpointAnswer } from './endpoints.ts';
import { createHttpServer, type HttpServer, hostRemedy } from './http-server.ts';
import { createInFlightLimit } from './in-flight-limit.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { readBody } from './read-body.ts';

/** The function as its host sees it. Never rejects; `undefined` is answered 204. */
export type Handle = (context: { readonly log: Log }, event: unknown) => Promise<HttpAnswer | undefined>;

export interface EventServerDependencies {
  readonly config: Pick<Config['server'], 'authToken' | 'maxBodyBytes' | 'maxInFlight'>;
  readonly handle: Handle;
  readonly metrics: EventMetrics & ExposedMetrics;
  readonly log: Log;
}

/**
 * The host of the function: CloudEvents by POST at any path, `/health/liveness`, `/health/readiness`, `/metrics`.
 *
 * Requests on connections that are still open when it closes are answered too, with `Connection: close`.
 */
export function createEventServer({ config, handle, metrics, log }: EventServerDependencies): HttpServer {
  const { authToken, maxBodyBytes, maxInFlight } = config;
  const limit = createInFlightLimit(maxInFlight, metrics.inFlight);
  let closing = false;
  const endpoints = { metrics, isReady: () => !closing };

  /** A request is in flight until the work for its events has ended, even if its sender disconnects. */
  async function receive(request: IncomingMessage): Promise<HttpAnswer> {
    const start = performance.now();
    try {
      if (authToken !== undefined) authenticate(request.headers.authorization, authToken);
      limit.enter();
      try {
        const events = readHttpMessage(request.headers, await readBody(request, maxBodyBytes));
        const answers = await Promise.all(events.map((event) => handle({ log }, event)));
        return answers.reduce<HttpAnswer>(graver, acknowledged);
      } finally {
        limit.leave();
      }
    } catch (error) {
      metrics.eventHandled(
        error instanceof LedgerError ? error.kind : 'failed',
        (performance.now() - start) / 1000,
      );
      return failureAnswer(error);
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
    close() {
      closing = true;
      return server.close();
    },
  };
}

const acknowledged: HttpAnswer = { statusCode: 204, headers: {}, body: '' };

/** Of the answers for a batch the one with the highest status, so that what is retryable outranks what is not. */
function graver(one: HttpAnswer, other: HttpAnswer | undefined): HttpAnswer {
  return other !== undefined && other.statusCode > one.statusCode ? other : one;
}
