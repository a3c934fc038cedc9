import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../fixtures/pods.ts';
import { type Labels, labelMatch } from './label-match.ts';
import { listenAnywhere } from './listen.ts';

/** Answers a request instead of the server; `false` passes it on to the server. */
export type Interception = (url: URL, response: ServerResponse, request: IncomingMessage) => boolean;

/**
 * A double of the API server that serves Pods as the real one does: lists in pages, watches with bookmarks, can
 * compact its history, and requires a token.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export interface ApiServerDouble {
  readonly url: string;
  /** The path and query of every request that has come by now; it grows. */
  readonly requests: readonly string[];
  /** How many watches are open. */
  readonly watches: number;
  /** A kubeconfig file for this server; with the path of a token file, where there is one. */
  kubeconfig(tokenFile?: string): string;
  /** From now on only this token is accepted. */
  acceptOnly(token: string): void;
  /** Creates or updates the Pod, and sends the change to all watches. */
  put(pod: JsonObject): void;
  /** Deletes the Pod, and sends its last status to all watches. */
  remove(pod: JsonObject): void;
  /** Sends a bookmark to all watches. */
  bookmark(): void;
  /** Compacts the history: continue tokens and resource versions of earlier lists and watches expire. */
  compact(): void;
  /** Disconnects every watch in the middle of a line, which is the given Pod's. */
  cutWatches(pod?: JsonObject): void;
  /** Ends every watch regularly, as the server does after its timeout. */
  endWatches(): void;
  /** From now on watches stay open and send nothing. */
  fallSilent(): void;
  intercept(interception: Interception): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A Pod as it is served, with the labels that it is selected by. */
interface Stored {
  readonly namespace: unknown;
  readonly labels: Labels;
  /** The JSON object without `kind` and `apiVersion`, which an item of a list does not have. */
  readonly json: string;
}

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly pod: Stored;
}

type Selects = (pod: Stored) => boolean;

interface Watch {
  readonly response: ServerResponse;
  readonly selects: Selects;
}

export async function startApiServer(): Promise<ApiServerDouble> {
  const folder = mkdtempSync(join(tmpdir(), 'api-server-'));
  const pods = new Map<string, Stored>();
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
      else send(response, 200, withKind(pod.json));
      return;
    }
    const hasLabels = labelMatch(url.searchParams.get('labelSelector') ?? '');
    const selects = (pod: Stored) =>
      (namespace === undefined || pod.namespace === namespace) && hasLabels(pod.labels);
    if (url.searchParams.get('watch') !== null) watch(url, response, selects);
    else list(url, response, selects);
  }

  function list(url: URL, response: ServerResponse, selects: Selects): void {
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
    const head = JSON.stringify({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(at), ...next },
    });
    send(response, 200, `${head.slice(0, -1)},"items":[${items.map(({ json }) => json).join()}]}`);
  }

  function watch(url: URL, response: ServerResponse, selects: Selects): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (from < oldest) {
      const gone = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 };
      const message = `too old resource version: ${from} (${oldest})`;
      response.end(line('ERROR', JSON.stringify({ ...gone, message })));
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
    for (const change of history) if (change.version > from) sendChange(opened, change);
  }

  function sendChange({ response, selects }: Watch, { type, pod }: Change): void {
    if (!silent && selects(pod)) response.write(line(type, withKind(pod.json)));
  }

  function change(type: Change['type'], pod: JsonObject): Stored {
    version += 1;
    const changed = { version, type, pod: stored(pod, version) };
    history.push(changed);
    for (const each of watches) sendChange(each, changed);
    return changed.pod;
  }

  const base = `http://127.0.0.1:${await listenAnywhere(server)}`;

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
      const place = withKind(JSON.stringify({ metadata: { resourceVersion: String(version) } }));
      for (const { response } of watches) if (!silent) response.write(line('BOOKMARK', place));
    },
    compact() {
      version += 1;
      oldest = version;
      history.length = 0;
    },
    cutWatches(pod = {}) {
      const text = line('MODIFIED', withKind(stored(pod, version).json));
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

/** An error as the API server formats it. */
export function status(
  response: ServerResponse,
  code: number,
  message: string,
  reason = '',
  headers: Readonly<Record<string, string>> = {},
): void {
  const refusal = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code };
  send(response, code, JSON.stringify(refusal), headers);
}

function send(
  response: ServerResponse,
  code: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(json);
}

function line(type: string, json: string): string {
  return `{"type":"${type}","object":${json}}\n`;
}

function withKind(json: string): string {
  return `{"kind":"Pod","apiVersion":"v1",${json.slice(1)}`;
}

function stored({ kind, apiVersion, ...pod }: JsonObject, version: number): Stored {
  const { namespace, labels, ...others } = metadata(pod);
  const versioned = { namespace, labels, ...others, resourceVersion: String(version) };
  return { namespace, labels: object(labels), json: JSON.stringify({ ...pod, metadata: versioned }) };
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
