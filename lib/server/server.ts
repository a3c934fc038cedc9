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
import { refusalOf } from './refusal.ts';

/** The function as its host sees it. Never rejects; `undefined` is answered 204. */
export type Handle = (context: { readonly log: Log }, event: unknown) => Promise<HttpAnswer | undefined>;

export interface ServerDependencies {
  readonly config: Config['server'];
  readonly handle: Handle;
  readonly metrics: FunctionMetrics;
  readonly log: Log;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The header as it came. */
    contentType: string | undefined;
  }
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
    bodyLimit: maxBodyBytes,
    requestTimeout,
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => refuse(error, reply),
  });
  const admission = createAdmission(maxInFlight, metrics.inFlight);
  const drain = drainOnClose(server.server);
  let closing = false;

  function refuse(error: unknown, reply: FastifyReply): void {
    const failure = refusalOf(error, maxBodyBytes);
    const answer = problemAnswer(failure);
    metrics.eventHandled(failure instanceof LedgerError ? failure.kind : 'failed', reply.elapsedTime / 1000);
    log.warn({ status: answer.statusCode, ...failureFields(failure) }, 'a request was refused');
    send(reply, answer);
  }

  server.decorateRequest('contentType', undefined);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.addHook('preClose', async () => {
    closing = true;
    drain();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  server.setErrorHandler((error, _request, reply) => refuse(error, reply));
  server.setNotFoundHandler((request, reply) =>
    reply.code(405).header('allow', 'POST').type('application/problem+json').send(notAllowed(request.method)),
  );

  server.post(
    '/*',
    {
      onRequest: (request, reply, done) => {
        const { headers } = request;
        if (authToken !== undefined) authenticate(headers.authorization, authToken);
        admission.admit(reply.raw);
        // The framework would refuse some content types before anything of ours has seen them.
        request.contentType = headers['content-type'];
        headers['content-type'] = 'application/octet-stream';
        done();
      },
    },
    async ({ headers, contentType, body }, reply) => {
      headers['content-type'] = contentType;
      const events = readHttpMessage(headers, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      const answers = await admission.whileWorking(reply.raw, () =>
        Promise.all(events.map((event) => handle({ log }, event))),
      );
      const problem = gravestAnswer(answers);
      return problem === undefined ? reply.code(204).send() : send(reply, problem);
    },
  );
  addHealthRoutes(server, metrics, () => !closing);
  return server;
}

function send(reply: FastifyReply, { statusCode, headers, body }: HttpAnswer): FastifyReply {
  return reply.code(statusCode).headers(headers).send(body);
}

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
