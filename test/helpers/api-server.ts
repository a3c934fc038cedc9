import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLabelSelector } from '../../lib/kubernetes/objects/label-selector.ts';
import type { JsonObject } from '../fixtures/pods.ts';

/** Answers a request in the server's place; `false` leaves it to the server. */
export type Interception = (url: URL, response: ServerResponse, request: IncomingMessage) => boolean;

/**
 * A double of the API server that serves Pods as the real one does: lists in pages, watches with bookmarks, forgets
 * its history when told to, and asks for a token.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export interface ApiServerDouble {
  readonly url: string;
  /** The path and query of every request that has come by now; it grows. */
  readonly requests: readonly string[];
  /** How many watches are open. */
  readonly watches: number;
  /** A kubeconfig file that leads here; with the file that the token is read from, where there is one. */
  kubeconfig(tokenFile?: string): string;
  /** From now on only this token is accepted. */
  acceptOnly(token: string): void;
  /** Creates the Pod, or updates it: whoever watches is told. */
  put(pod: JsonObject): void;
  /** Deletes the Pod, which is told with its last status. */
  remove(pod: JsonObject): void;
  /** Tells all watches how far they are. */
  bookmark(): void;
  /** Forgets all that happened up to now: places of earlier lists and watches are too old. */
  compact(): void;
  /** Breaks every watch, in the middle of a line; the line is the given Pod's. */
  cutWatches(pod?: JsonObject): void;
  /** Ends every watch in good order, as the server does after a time. */
  endWatches(): void;
  /** From now on watches stay open and tell nothing. */
  fallSilent(): void;
  intercept(interception: Interception): void;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: JsonObject;
}

interface Watch {
  readonly response: ServerResponse;
  readonly selects: (pod: JsonObject) => boolean;
}

export async function startApiServer(): Promise<ApiServerDouble> {
  const folder = mkdtempSync(join(tmpdir(), 'api-server-'));
  const pods = new Map<string, JsonObject>();
  const history: Change[] = [];
  const watches = new Set<Watch>();
  const requests: string[] = [];
  let version = 1000;
  let oldest = version;
  let token: string | undefined;
  let silent = false;
  let interception: Interception = () => false;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    requests.push(`${url.pathname}${url.search}`);
    if (interception(url, response, request)) return;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      status(response, 401, 'Unauthorized');
    } else answer(url, response);
  });

  function answer(url: URL, response: ServerResponse): void {
    const [, namespace, name] =
      /^\/api\/v1(?:\/namespaces\/([^/]+))?\/pods(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (name !== undefined) {
      const pod = pods.get(`${namespace}/${name}`);
      if (pod === undefined) status(response, 404, `pods "${name}" not found`);
      else json(response, 200, { apiVersion: 'v1', kind: 'Pod', ...pod });
      return;
    }
    const selector = url.searchParams.get('labelSelector');
    const hasLabels = selector === null ? () => true : parseLabelSelector(selector);
    const selects = (pod: JsonObject) =>
      (namespace === undefined || metadata(pod)['namespace'] === namespace) &&
      hasLabels(object(metadata(pod)['labels']));
    if (url.searchParams.get('watch') !== null) watch(url, response, selects);
    else list(url, response, selects);
  }

  function list(url: URL, response: ServerResponse, selects: (pod: JsonObject) => boolean): void {
    const limit = Number(url.searchParams.get('limit') ?? 0) || Number.POSITIVE_INFINITY;
    const place = url.searchParams.get('continue');
    const [at, from] = place === null ? [version, 0] : place.split('.').map(Number);
    if (at === undefined || from === undefined || at < oldest) {
      status(response, 410, 'The provided continue parameter is too old', 'Expired');
      return;
    }
    const all = [...pods.values()].filter(selects);
    const items = all.slice(from, from + limit);
    const rest = all.length - from - items.length;
    const next = rest > 0 ? { continue: `${at}.${from + items.length}`, remainingItemCount: rest } : {};
    json(response, 200, {
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(at), ...next },
      items,
    });
  }

  function watch(url: URL, response: ServerResponse, selects: (pod: JsonObject) => boolean): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (from < oldest) {
      const gone = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 };
      response.end(line('ERROR', { ...gone, message: `too old resource version: ${from} (${oldest})` }));
      return;
    }
    const opened: Watch = { response, selects };
    watches.add(opened);
    const timeout = Number(url.searchParams.get('timeoutSeconds')) * 1000;
    const timer = setTimeout(() => response.end(), timeout || 300_000);
    response.once('close', () => {
      clearTimeout(timer);
      watches.delete(opened);
    });
    for (const change of history) if (change.version > from) tell(opened, change);
  }

  function tell({ response, selects }: Watch, { type, object: pod }: Change): void {
    if (!silent && selects(pod)) response.write(line(type, { kind: 'Pod', apiVersion: 'v1', ...pod }));
  }

  function change(type: Change['type'], pod: JsonObject): JsonObject {
    version += 1;
    const changed = { ...pod, metadata: { ...metadata(pod), resourceVersion: String(version) } };
    const entry = { version, type, object: changed };
    history.push(entry);
    for (const each of watches) tell(each, entry);
    return changed;
  }

  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the double has no port');
  const base = `http://127.0.0.1:${address.port}`;

  return {
    url: base,
    requests,
    get watches() {
      return watches.size;
    },
    kubeconfig(tokenFile) {
      const path = join(folder, 'kubeconfig.json');
      const user =
        tokenFile === undefined ? {} : { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
      writeFileSync(path, JSON.stringify(configuration(base, user)));
      return path;
    },
    acceptOnly(accepted) {
      token = accepted;
    },
    put(pod) {
      pods.set(keyOf(pod), change(pods.has(keyOf(pod)) ? 'MODIFIED' : 'ADDED', pod));
    },
    remove(pod) {
      pods.delete(keyOf(pod));
      change('DELETED', pod);
    },
    bookmark() {
      version += 1;
      const place = { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: String(version) } };
      for (const { response } of watches) if (!silent) response.write(line('BOOKMARK', place));
    },
    compact() {
      version += 1;
      oldest = version;
      history.length = 0;
    },
    cutWatches(pod) {
      const text = line('MODIFIED', { kind: 'Pod', apiVersion: 'v1', ...pod });
      for (const { response } of watches) response.write(text.slice(0, -10), () => response.destroy());
    },
    endWatches() {
      for (const { response } of watches) response.end();
    },
    fallSilent() {
      silent = true;
    },
    intercept(next) {
      interception = next;
    },
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<unknown>();
      server.close(closed.resolve);
      server.closeAllConnections();
      await closed.promise;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A refusal as the API server words it. */
export function status(
  response: ServerResponse,
  code: number,
  message: string,
  reason = '',
  headers: Readonly<Record<string, string>> = {},
): void {
  json(
    response,
    code,
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code },
    headers,
  );
}

function json(
  response: ServerResponse,
  code: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function line(type: string, value: object): string {
  return `${JSON.stringify({ type, object: value })}\n`;
}

function configuration(server: string, user: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'double', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'tester', user }],
    contexts: [{ name: 'test', context: { cluster: 'double', user: 'tester' } }],
    'current-context': 'test',
  };
}

function metadata(pod: JsonObject): JsonObject {
  return object(pod['metadata']);
}

function object(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function keyOf(pod: JsonObject): string {
  return `${metadata(pod)['namespace']}/${metadata(pod)['name']}`;
}
