import type { IncomingMessage, ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Config } from '../config.ts';
import { LedgerError } from '../errors.ts';
import { readHttpMessage } from '../events/http-message.ts';
import { type HttpAnswer, problemAnswer } from '../problem.ts';
import type { FunctionMetrics } from '../telemetry/function-metrics.ts';
import { failureFields, type Log } from '../telemetry/log.ts';
import { authenticate, createAdmission } from './admission.ts';
import { drainOnClose } from './drain.ts';
import { addHealthRoutes } from './health-routes.ts';
import { readBody } from './read-body.ts';
import { refusalOf } from './refusal.ts';

/** The function as its host sees it. Never rejects; `undefined` is answered 204. */
export type Handle = (context: { readonly log: Log }, event: unknown) => Promise<HttpAnswer | undefined>;

export interface ServerDependencies {
  readonly config: Config['server'];
  readonly handle: Handle;
  readonly metrics: FunctionMetrics;
  readonly log: Log;
}

/** How long a client may take to send one request, in milliseconds. */
const requestTimeout = 30_000;

/**
 * The host of the function: CloudEvents by POST at any path, `/health/liveness`, `/health/readiness`, `/metrics`.
 *
 * `close()` stops accepting, answers what is in flight, and resolves when the last connection has ended. What
 * still comes on a connection that is open by then is answered too, and told to close.
 */
export function createServer({ config, handle, metrics, log }: ServerDependencies): FastifyInstance {
  const { authToken, maxBodyBytes, maxInFlight } = config;
  const server = Fastify({
    requestTimeout,
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => refuse(error, reply),
  });
  const admission = createAdmission(maxInFlight, metrics.inFlight);
  const drain = drainOnClose(server.server);
  let closing = false;

  /** The answer to a request that was refused, which is counted and logged. */
  function refusal(error: unknown, seconds: number): HttpAnswer {
    const failure = refusalOf(error);
    const answer = problemAnswer(failure);
    metrics.eventHandled(failure instanceof LedgerError ? failure.kind : 'failed', seconds);
    log.warn({ status: answer.statusCode, ...failureFields(failure) }, 'a request was refused');
    return answer;
  }

  function refuse(error: unknown, reply: FastifyReply): void {
    const { statusCode, headers, body } = refusal(error, reply.elapsedTime / 1000);
    if (closing) reply.header('connection', 'close');
    reply.code(statusCode).headers(headers).send(body);
  }

  function answer(response: ServerResponse, { statusCode, headers, body }: HttpAnswer): void {
    // What is left of a body that is too large is not waited for.
    if (closing || statusCode === 413) response.setHeader('connection', 'close');
    if (body !== '') response.setHeader('content-length', Buffer.byteLength(body));
    response.writeHead(statusCode, headers).end(body);
  }

  async function receive(request: IncomingMessage, response: ServerResponse, start: number): Promise<void> {
    try {
      if (authToken !== undefined) authenticate(request.headers.authorization, authToken);
      admission.admit(response);
      const events = readHttpMessage(request.headers, await readBody(request, maxBodyBytes));
      const answers = await admission.whileWorking(response, () =>
        Promise.all(events.map((event) => handle({ log }, event))),
      );
      answer(response, gravestAnswer(answers) ?? acknowledged);
    } catch (error) {
      answer(response, refusal(error, (performance.now() - start) / 1000));
    }
  }

  // No other request has a body that anybody reads.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, body, done) => {
    body.resume();
    done(null);
  });
  server.addHook('preClose', async () => {
    closing = true;
    drain();
  });
  server.setErrorHandler((error, _request, reply) => refuse(error, reply));
  server.setNotFoundHandler((request, reply) =>
    reply.code(405).header('allow', 'POST').type('application/problem+json').send(notAllowed(request.method)),
  );

  // An event takes the framework's routing and nothing else of it: the rest would cost a fifth of the throughput.
  server.post('/*', {
    onRequest(request, reply) {
      reply.hijack();
      void receive(request.raw, reply.raw, performance.now());
    },
    handler() {},
  });
  addHealthRoutes(server, metrics, () => !closing);
  return server;
}

const acknowledged: HttpAnswer = { statusCode: 204, headers: {}, body: '' };

/** One answer for a batch: the highest status, so that what is worth a retry outranks what is not. */
function gravestAnswer(answers: readonly (HttpAnswer | undefined)[]): HttpAnswer | undefined {
  return answers
    .filter((answer) => answer !== undefined)
    .toSorted((a, b) => b.statusCode - a.statusCode)
    .at(0);
}

function notAllowed(method: string): object {
  return {
    type: 'about:blank',
    title: 'Method Not Allowed',
    status: 405,
    detail: `${method} is not answered here; send CloudEvents by POST, or GET /metrics or /health/readiness`,
  };
}
