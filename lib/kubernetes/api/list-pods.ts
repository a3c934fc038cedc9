import { reasonOf } from '../../errors.ts';
import { type RetryOptions, retry } from '../../retry.ts';
import { unavailable } from './api-failure.ts';
import type { ApiServer } from './api-server.ts';
import { chunksOf } from './chunks-of.ts';
import { type PodScope, podsPath } from './pods-path.ts';
import { createPageReader, type ListPage } from './read-page.ts';

/** A part of a list of Pods. */
export interface PodPage {
  /** How many Pods it has. */
  readonly count: number;
  /** Those that have restarted, or may have, as the API has them; their kind is missing. */
  readonly restarted: readonly unknown[];
  /** The resource version that a watch starts at once the list has ended. */
  readonly resourceVersion: string;
  /** The list starts here: earlier pages belong to a list whose continue token has expired. */
  readonly isFirst: boolean;
}

/** Pods a page: a few megabytes, so that memory does not grow with the cluster. */
const pageSize = 250;

/**
 * The Pods of a scope, page by page, each page read on demand. A list that takes so long that its continue
 * token expires (410) starts again.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 *
 * @throws LedgerError `cluster-forbidden`, or `cluster-unavailable` when it is unavailable after all retries.
 */
export async function* listPods(
  server: ApiServer,
  scope: PodScope,
  retries: RetryOptions,
): AsyncGenerator<PodPage, void, void> {
  for (let continueToken = ''; ; ) {
    const parameters = { limit: String(pageSize), ...(continueToken !== '' && { continue: continueToken }) };
    const page = await retry(() => getPage(server, podsPath(scope, parameters)), retries);
    if (page === 'expired') {
      continueToken = '';
      continue;
    }
    const { count, restarted, resourceVersion } = page;
    yield { count, restarted, resourceVersion, isFirst: continueToken === '' };
    if (page.next === '') return;
    continueToken = page.next;
  }
}

async function getPage(server: ApiServer, path: string): Promise<ListPage | 'expired'> {
  const answer = await server.get(path);
  if (answer.kind === 'expired') return 'expired';
  if (answer.kind === 'absent') throw unavailable(path, 'it has no such list');
  try {
    const page = createPageReader();
    for await (const chunk of chunksOf(answer.body)) page.write(chunk);
    return page.end();
  } catch (error) {
    throw unavailable(path, reasonOf(error), undefined, error);
  } finally {
    answer.body.destroy();
  }
}
