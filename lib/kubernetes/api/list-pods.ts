import { reasonOf } from '../../errors.ts';
import { unavailable } from './api-failure.ts';
import type { ApiServer } from './api-server.ts';
import { type PersistenceOptions, persistently } from './persistence.ts';
import { type PodScope, podsPath } from './pods-path.ts';
import { type ListPage, readPage } from './read-page.ts';

/** A part of a list of Pods. */
export interface PodPage {
  /** How many Pods it holds. */
  readonly count: number;
  /** Those that have restarted, or may have, as the API has them; they do not tell their kind. */
  readonly restarted: readonly unknown[];
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
    const page = await persistently(() => askForPage(server, podsPath(scope, parameters)), persistence);
    if (page === 'expired') {
      place = '';
      continue;
    }
    const { count, restarted, resourceVersion } = page;
    yield { count, restarted, resourceVersion, isFirst: place === '' };
    if (page.next === '') return;
    place = page.next;
  }
}

async function askForPage(server: ApiServer, path: string): Promise<ListPage | 'expired'> {
  const answer = await server.get(path);
  if (answer.kind === 'expired') return 'expired';
  if (answer.kind === 'absent') throw unavailable(path, 'it has no such list');
  try {
    return readPage(Buffer.from(await answer.body.arrayBuffer()));
  } catch (error) {
    throw unavailable(path, reasonOf(error), undefined, error);
  }
}
