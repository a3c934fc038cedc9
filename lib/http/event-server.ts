import type { IncomingMessage, ServerResponse } from 'node:http';
import { readHttpMessage } from '../cloudevents/http-message.ts';
import type { Config } from '../config.ts';
import { LedgerError } from '../errors.ts';
import type { FunctionMetrics } from '../observability/function-metrics.ts';
import { failureFields, type Log } from '../observability/log.ts';
import { authenticate } from './authentication.ts';
import { pageAnswer } from './endpoints.ts';
import { createHttpServer, type HttpServer, writeAnswer } from './http-server.ts';
import { createAdmission } from './in-flight-limit.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { readBody } from './read-body.ts';

/** The function as its host sees it. Never rejects; `undefined` is answered 204. */
export type Handle = (context: { readonly log: Log }, event: unknown) => Promise<HttpAnswer | undefined>;

export interface ServerDependencies {
  readonly config: Config['server'];
  readonly handle: Handle;
  readonly metrics: FunctionMetrics;
  readonly log: Log;
}

/**
 * The host of the function: CloudEvents by POST at any path, `/health/liveness`, `/health/readiness`, `/metrics`.
 *
 * What still comes on a connection that is open when it closes is answered too, and told to close.
 */
export function createServer({ config, handle, metrics, log }: ServerDependencies): HttpServer {
  const { authToken, maxBodyBytes, maxInFlight } = config;
  const admission = createAdmission(maxInFlight, metrics.inFlight);
  let closing = false;
  const pages = { metrics, isReady: () => !closing };

  /** The answer to a request that was refused, which is counted and logged. */
  function refusal(error: unknown, seconds: number): HttpAnswer {
    const answer = problemAnswer(error);
    metrics.eventHandled(error instanceof LedgerError ? error.kind : 'failed', seconds);
    log.warn({ status: answer.statusCode, ...failureFields(error) }, 'a request was refused');
    return answer;
  }

  function answer(response: ServerResponse, found: HttpAnswer): void {
    writeAnswer(response, found, closing || found.statusCode === 413);
  }

  /** A request is in flight until the work for its events has ended, even if its sender goes. */
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const start = performance.now();
    let found = acknowledged;
    try {
      if (authToken !== undefined) authenticate(request.headers.authorization, authToken);
      admission.enter();
      try {
        const events = readHttpMessage(request.headers, await readBody(request, maxBodyBytes));
        for (const each of events.map((event) => handle({ log }, event))) found = graver(found, await each);
      } finally {
        admission.leave();
      }
    } catch (error) {
      found = refusal(error, (performance.now() - start) / 1000);
    }
    answer(response, found);
  }

  const server = createHttpServer((request, response) => {
    const { method = '', url = '' } = request;
    if (method === 'POST') void receive(request, response);
    else void pageAnswer(method, url, pages).then((page) => answer(response, page));
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

/** Of the answers for a batch the one with the highest status, so that what is worth a retry outranks what is not. */
function graver(one: HttpAnswer, other: HttpAnswer | undefined): HttpAnswer {
  return other !== undefined && other.statusCode > one.statusCode ? other : one;
}
