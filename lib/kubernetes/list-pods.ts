import type { V1PodList } from '@kubernetes/client-node';
import { reasonOf } from '../errors.ts';
import { isObject } from '../events/untrusted.ts';
import { unavailable } from './api-failure.ts';
import type { ApiServer } from './api-server.ts';
import { type PersistenceOptions, persistently } from './persistence.ts';
import { type PodScope, podsPath } from './pods-path.ts';

/** A part of a list of Pods. */
export interface PodPage {
  /** Pods as the API has them; they do not tell their kind. */
  readonly pods: readonly unknown[];
  /** Where a watch goes on from once the list has ended. */
  readonly resourceVersion: string;
  /** The list starts here: what came before belongs to one that could not be ended. */
  readonly isFirst: boolean;
}

/** Pods a page: a few megabytes, so that memory does not grow with the cluster. */
const pageSize = 250;

/**
 * The Pods of a scope, page by page, each page read when it is asked for. A list that takes so long that the server
 * has forgotten its place (410) starts again.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 *
 * @throws LedgerError `cluster-forbidden`, or `cluster-unavailable` when it stayed away.
 */
export async function* listPods(
  server: ApiServer,
  scope: PodScope,
  persistence: PersistenceOptions,
): AsyncGenerator<PodPage, void, void> {
  for (let place = ''; ; ) {
    const parameters = { limit: String(pageSize), ...(place !== '' && { continue: place }) };
    const page = await persistently(() => readPage(server, podsPath(scope, parameters)), persistence);
    if (page === 'expired') {
      place = '';
      continue;
    }
    yield { pods: page.pods, resourceVersion: page.resourceVersion, isFirst: place === '' };
    if (page.next === '') return;
    place = page.next;
  }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/list-meta/ */
interface ListPlace {
  readonly resourceVersion: string;
  readonly continue: string;
}

async function readPage(server: ApiServer, path: string) {
  const answer = await server.get(path);
  if (answer.kind === 'expired') return 'expired';
  if (answer.kind === 'absent') throw unavailable(path, 'it has no such list');
  let list: unknown;
  try {
    list = await answer.body.json();
  } catch (error) {
    throw unavailable(path, reasonOf(error), undefined, error);
  }
  if (!isObject<V1PodList>(list) || !Array.isArray(list.items) || !isObject<ListPlace>(list.metadata)) {
    throw unavailable(path, 'the answer is no list of Pods');
  }
  const { resourceVersion, continue: next } = list.metadata;
  const pods: readonly unknown[] = list.items;
  return { pods, resourceVersion: text(resourceVersion), next: text(next) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
