import { createServer, type IncomingMessage } from 'node:http';
import { LedgerError, reasonOf } from '../../errors.ts';
import { type GroupRequest, readGroupRequest } from './group-request.ts';
import { createGroupStore, type GroupStore } from './group-store.ts';
import { readRequestBody } from './request-body.ts';
import type { ExposedFamily } from './text-format/exposed-family.ts';
import { parseExposition } from './text-format/parse.ts';
import { TextFormatError } from './text-format/parse-error.ts';
import { metricsJson, metricsText } from './views.ts';

export interface EmbeddedGatewayOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** A gateway that speaks the Pushgateway's HTTP API and keeps its groups in memory. */
export interface EmbeddedGateway {
  readonly url: string;
  /** Resolves when the last connection has ended. What it held is gone then. */
  close(): Promise<void>;
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** @throws LedgerError `configuration` when the address cannot be listened on. */
export async function startEmbeddedGateway({
  host,
  port,
  now,
}: EmbeddedGatewayOptions): Promise<EmbeddedGateway> {
  const store = createGroupStore(now);
  const startTime = new Date(now()).toISOString();
  const server = createServer(async (request, response) => {
    const answer = await answerTo(request, store, startTime);
    response.writeHead(answer.status, { 'content-type': answer.type ?? plainText, ...answer.headers });
    response.end(answer.body);
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port }, resolve);
  try {
    await listening;
  } catch (error) {
    throw cannotListen(`${host}:${port}`, error);
  }
  const address = server.address();
  const at = typeof address === 'object' ? (address?.port ?? port) : port;
  const close = async () => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    await closed.promise;
  };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${at}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const plainText = 'text/plain; charset=utf-8';
const notFound: Answer = { status: 404, body: '404 page not found\n' };
const ok: Answer = { status: 200, body: 'OK' };
const tooLarge: Answer = { status: 413, headers: { connection: 'close' }, body: 'request body too large\n' };

/** Bytes, before and after they are unpacked. The Pushgateway has no limit; what lives in memory needs one. */
const bodyLimit = 16 * 1024 * 1024;

async function answerTo(request: IncomingMessage, store: GroupStore, startTime: string): Promise<Answer> {
  const { method = '' } = request;
  const path = decodedPath(request.url ?? '');
  if (path === undefined) return { status: 400, body: '400 Bad Request' };
  const group = path.startsWith('/metrics/') ? readGroupRequest(path.slice('/metrics/'.length)) : undefined;
  if (group !== undefined) return await answerGroup(request, method, group, store);
  if (method !== 'GET') return notFound;
  switch (path) {
    case '/-/healthy':
    case '/-/ready':
      return ok;
    case '/metrics':
      return {
        status: 200,
        type: 'text/plain; version=0.0.4; charset=utf-8',
        body: metricsText(store.groups()),
      };
    case '/api/v1/metrics':
      return { status: 200, type: 'application/json', body: metricsJson(store.groups()) };
    case '/api/v1/status':
      return { status: 200, type: 'application/json', body: statusJson(startTime) };
    default:
      return notFound;
  }
}

function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '');
  } catch {
    return undefined;
  }
}

async function answerGroup(
  request: IncomingMessage,
  method: string,
  group: GroupRequest,
  store: GroupStore,
): Promise<Answer> {
  if (method !== 'PUT' && method !== 'POST' && method !== 'DELETE') {
    return { status: 405, headers: { allow: 'DELETE, OPTIONS, POST, PUT' }, body: 'Method Not Allowed\n' };
  }
  const body = await readRequestBody(request, bodyLimit);
  if ('tooLarge' in body) return tooLarge;
  if ('fault' in body) return badRequest(body.fault);
  if ('fault' in group) return badRequest(group.fault);
  if (method === 'DELETE') {
    store.delete(group.labels);
    return { status: 202 };
  }
  let families: readonly ExposedFamily[];
  try {
    families = parseExposition(body.text);
  } catch (error) {
    if (error instanceof TextFormatError) return badRequest(error.message);
    throw error;
  }
  const fault = store.push(group.labels, families, method === 'PUT');
  if (fault === undefined) return { status: 200 };
  return badRequest(`pushed metrics are invalid or inconsistent with existing metrics: ${fault}`);
}

function badRequest(fact: string): Answer {
  return { status: 400, body: `${fact}\n` };
}

function statusJson(startTime: string): string {
  const build = {
    branch: '',
    buildDate: '',
    buildUser: '',
    goVersion: '',
    revision: '',
    version: 'embedded',
  };
  return JSON.stringify({
    status: 'success',
    data: { build_information: build, flags: {}, start_time: startTime },
  });
}

function cannotListen(address: string, cause: unknown): LedgerError {
  const remedy =
    'set PUSHGATEWAY_URL to a Pushgateway, or EMBEDDED_GATEWAY_ADDRESS to an address that is free';
  const parts = { operation: 'listening on', subject: address, fact: reasonOf(cause), remedy };
  return new LedgerError('configuration', parts, { cause });
}
