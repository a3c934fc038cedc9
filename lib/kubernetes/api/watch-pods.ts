import type { V1Status, V1WatchEvent } from '@kubernetes/client-node';
import { LedgerError, reasonOf } from '../../errors.ts';
import { isObject } from '../../narrow.ts';
import { unavailable } from './api-failure.ts';
import type { ApiBody, ApiServer, OpenAnswer } from './api-server.ts';
import { statusMessage } from './api-status.ts';
import { chunksOf } from './chunks-of.ts';
import { type PodScope, podsPath } from './pods-path.ts';
import { createWatchLines } from './watch-lines.ts';

/** A change: a Pod that may show a restart, a bookmark, or that the resource version has expired. */
export type PodChange =
  | { readonly kind: 'pod'; readonly object: unknown; readonly resourceVersion: string }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }
  | { readonly kind: 'expired' };

export interface WatchOptions extends OpenAnswer {
  /** The server ends the watch in good order after this time; the next one goes on. Default: 290. */
  readonly timeoutSeconds?: number;
}

/**
 * The changes to the Pods of a scope from a resource version on, until the server ends the watch. A Pod that the prefilter
 * rejects is not parsed ({@link file://../prefilter.ts}).
 *
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 *
 * @throws LedgerError `cluster-unavailable` when the connection breaks, is idle for too long, or a line is not a
 * watch event; `cluster-forbidden`.
 */
export async function* watchPods(
  server: ApiServer,
  scope: PodScope,
  resourceVersion: string,
  { timeoutSeconds = 290, ...open }: WatchOptions,
): AsyncGenerator<PodChange, void, void> {
  const path = podsPath(scope, {
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(timeoutSeconds),
  });
  const answer = await server.get(path, open);
  if (answer.kind !== 'object') {
    yield { kind: 'expired' };
    return;
  }
  try {
    for await (const lines of linesToParse(answer.body)) {
      for (const line of lines) {
        const change = readChange(line, path);
        yield change;
        if (change.kind === 'expired') return;
      }
    }
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    throw unavailable(path, reasonOf(error), undefined, error);
  } finally {
    answer.body.destroy();
  }
}

/** A chunk's lines at a time, since an await for each line would cost more than the line. */
async function* linesToParse(body: ApiBody): AsyncGenerator<readonly string[], void, void> {
  const lines = createWatchLines();
  for await (const chunk of chunksOf(body)) yield lines.write(chunk);
  yield lines.end();
}

function readChange(line: string, path: string): PodChange {
  const event: unknown = JSON.parse(line);
  if (!isObject<V1WatchEvent>(event) || !isObject<{ metadata: unknown }>(event.object)) {
    throw new Error('a line of the watch is not a watch event');
  }
  const { type, object } = event;
  if (type === 'ERROR') {
    if (isObject<V1Status>(object) && object.code === 410) return { kind: 'expired' };
    throw unavailable(path, statusMessage(object) ?? 'the watch has failed');
  }
  const resourceVersion = resourceVersionOf(object.metadata);
  return type === 'BOOKMARK'
    ? { kind: 'bookmark', resourceVersion }
    : { kind: 'pod', object, resourceVersion };
}

function resourceVersionOf(metadata: unknown): string {
  const version = isObject<{ resourceVersion: string }>(metadata) ? metadata.resourceVersion : undefined;
  return typeof version === 'string' ? version : '';
}
