import type { IncomingMessage } from 'node:http';
import { reasonOf } from '../../errors.ts';
import { createHttpServer } from '../../http/http-server.ts';
import type { HttpAnswer } from '../../http/problem.ts';
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
  readonly nowMilliseconds: () => number;
  /** Answers GET and HEAD of paths that are none of the Pushgateway's API. */
  readonly page?: OwnPage;
}

/** `undefined` for a path that it does not have. `exposition` writes what is stored at the time. */
export type OwnPage = (
  request: { readonly path: string; readonly ifNoneMatch: string | undefined },
  exposition: () => string,
) => Promise<HttpAnswer | undefined>;

/** A gateway that speaks the Pushgateway's HTTP API and keeps its groups in memory. */
export interface EmbeddedGateway {
  readonly url: string;
  /** Resolves when the last connection has ended. Its groups are lost then. */
  close(): Promise<void>;
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** @throws LedgerError `configuration` when the address cannot be listened on. */
export async function startEmbeddedGateway({
  host,
  port,
  nowMilliseconds,
  page = async () => undefined,
}: EmbeddedGatewayOptions): Promise<EmbeddedGateway> {
  const store = createGroupStore(nowMilliseconds);
  const startTime = new Date(nowMilliseconds()).toISOString();
  const { listen, close } = createHttpServer({
    answer: async (request) => {
      const { statusCode, ...answer } = await answerTo(request, store, startTime);
      if (statusCode !== 404 || (request.method !== 'GET' && request.method !== 'HEAD'))
        return { statusCode, ...answer };
      const asked = {
        path: decodedPath(request.url ?? '') ?? '',
        ifNoneMatch: request.headers['if-none-match'],
      };
      return (await page(asked, () => metricsText(store.groups()))) ?? { statusCode, ...answer };
    },
    // The client logs the answer, so it contains the reason.
    failureAnswer: (failure) => text(500, `${reasonOf(failure)}\n`),
    listenRemedy:
      'set PUSHGATEWAY_URL to a Pushgateway, or EMBEDDED_GATEWAY_ADDRESS to an address that is free',
  });
  return { url: await listen({ host, port }), close, [Symbol.asyncDispose]: close };
}

function text(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

function json(body: string): HttpAnswer {
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}

const notFound = text(404, '404 page not found\n');
const ok = text(200, 'OK');
const tooLarge = text(413, 'request body too large\n');
const methodNotAllowed: HttpAnswer = {
  statusCode: 405,
  headers: { 'content-type': 'text/plain; charset=utf-8', allow: 'DELETE, OPTIONS, POST, PUT' },
  body: 'Method Not Allowed\n',
};

/** Bytes, compressed and decompressed. The Pushgateway has no limit; a store in memory needs one. */
const bodyLimit = 16 * 1024 * 1024;

async function answerTo(request: IncomingMessage, store: GroupStore, startTime: string): Promise<HttpAnswer> {
  const { method = '' } = request;
  const path = decodedPath(request.url ?? '');
  if (path === undefined) return text(400, '400 Bad Request');
  const group = path.startsWith('/metrics/') ? readGroupRequest(path.slice('/metrics/'.length)) : undefined;
  if (group !== undefined) return await answerGroup(request, method, group, store);
  if (method !== 'GET') return notFound;
  switch (path) {
    case '/-/healthy':
    case '/-/ready':
      return ok;
    case '/metrics':
      return {
        statusCode: 200,
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: metricsText(store.groups()),
      };
    case '/api/v1/metrics':
      return json(metricsJson(store.groups()));
    case '/api/v1/status':
      return json(statusJson(startTime));
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
): Promise<HttpAnswer> {
  if (method !== 'PUT' && method !== 'POST' && method !== 'DELETE') return methodNotAllowed;
  const body = await readRequestBody(request, bodyLimit);
  if ('tooLarge' in body) return tooLarge;
  if ('fault' in body) return badRequest(body.fault);
  if ('fault' in group) return badRequest(group.fault);
  if (method === 'DELETE') {
    store.delete(group.labels);
    return text(202, '');
  }
  let families: readonly ExposedFamily[];
  try {
    families = parseExposition(body.text);
  } catch (error) {
    if (error instanceof TextFormatError) return badRequest(error.message);
    throw error;
  }
  const fault = store.push(group.labels, families, method === 'PUT');
  if (fault === undefined) return text(200, '');
  return badRequest(`pushed metrics are invalid or inconsistent with existing metrics: ${fault}`);
}

function badRequest(fact: string): HttpAnswer {
  return text(400, `${fact}\n`);
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
