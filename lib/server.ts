import { timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Config } from './config.ts';
import { LedgerError, reasonOf } from './errors.ts';
import { readHttpMessage } from './events/http-message.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import type { FunctionMetrics } from './telemetry/function-metrics.ts';
import { failureFields, type Log } from './telemetry/log.ts';

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
  const server = Fastify({
    bodyLimit: config.maxBodyBytes,
    requestTimeout,
    return503OnClosing: false,
  });
  let inFlight = 0;
  let closing = false;

  function admit(authorization: string | undefined, reply: FastifyReply): void {
    if (config.authToken !== undefined) authenticate(authorization, config.authToken);
    if (inFlight >= config.maxInFlight) throw overloaded(config.maxInFlight);
    metrics.inFlight(++inFlight);
    reply.raw.once('close', () => metrics.inFlight(--inFlight));
  }

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.addHook('preClose', async () => {
    closing = true;
  });
  server.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  server.setErrorHandler((error, _request, reply) => {
    const failure = asLedgerError(error, config.maxBodyBytes);
    const answer = problemAnswer(failure);
    metrics.eventHandled(failure instanceof LedgerError ? failure.kind : 'failed', reply.elapsedTime / 1000);
    log.warn({ status: answer.statusCode, ...failureFields(failure) }, 'a request was refused');
    return send(reply, answer);
  });
  server.setNotFoundHandler((request, reply) =>
    reply.code(405).header('allow', 'POST').type('application/problem+json').send(notAllowed(request.method)),
  );

  server.post(
    '/*',
    { onRequest: async ({ headers }, reply) => admit(headers.authorization, reply) },
    async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const events = readHttpMessage(request.headers, body);
      const answers = await Promise.all(events.map((event) => handle({ log }, event)));
      const problem = gravestAnswer(answers);
      return problem === undefined ? reply.code(204).send() : send(reply, problem);
    },
  );
  server.get('/health/liveness', async () => 'OK');
  server.get('/health/readiness', async (_request, reply) =>
    closing ? reply.code(503).send('closing') : 'OK',
  );
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.exposition()),
  );
  return server;
}

function send(reply: FastifyReply, { statusCode, headers, body }: HttpAnswer): FastifyReply {
  return reply.code(statusCode).headers(headers).send(body);
}

/** One answer for a batch: the highest status, so that what is worth a retry outranks what is not. */
function gravestAnswer(answers: readonly (HttpAnswer | undefined)[]): HttpAnswer | undefined {
  return answers
    .filter((answer) => answer !== undefined)
    .reduce<HttpAnswer | undefined>(
      (worst, answer) => (worst === undefined || answer.statusCode > worst.statusCode ? answer : worst),
      undefined,
    );
}

function authenticate(authorization: string | undefined, authToken: string): void {
  const [scheme = '', token = ''] = authorization?.split(' ') ?? [];
  const operation = 'accepting';
  const subject = 'the request';
  const remedy = 'send Authorization: Bearer with the token of AUTH_TOKEN';
  if (scheme.toLowerCase() !== 'bearer') {
    throw new LedgerError('unauthenticated', { operation, subject, fact: 'it has no bearer token', remedy });
  }
  const given = Buffer.from(token);
  const expected = Buffer.from(authToken);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new LedgerError('forbidden', { operation, subject, fact: 'its bearer token is another', remedy });
  }
}

function overloaded(maxInFlight: number): LedgerError {
  return new LedgerError('overloaded', {
    operation: 'accepting',
    subject: 'the request',
    fact: `${maxInFlight} requests are in flight`,
    remedy: 'send it again later, add replicas, or raise MAX_IN_FLIGHT',
  });
}

/** Errors that the HTTP framework found in a request, in our own words; others are passed on. */
function asLedgerError(error: unknown, maxBodyBytes: number): unknown {
  if (error instanceof LedgerError || !(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  const operation = 'reading';
  const subject = 'the request';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const fact = `its body is larger than ${maxBodyBytes} bytes`;
    const remedy = 'send fewer events at a time, or raise MAX_BODY_BYTES';
    return new LedgerError('too-large', { operation, subject, fact, remedy }, { cause: error });
  }
  if (status >= 500) return error;
  const remedy = 'send a whole HTTP request';
  return new LedgerError(
    'invalid-input',
    { operation, subject, fact: reasonOf(error), remedy },
    { cause: error },
  );
}

function notAllowed(method: string): object {
  return {
    type: 'about:blank',
    title: 'Method Not Allowed',
    status: 405,
    detail: `${method} is not answered here; send CloudEvents by POST, or GET /metrics or /health/readiness`,
  };
}
