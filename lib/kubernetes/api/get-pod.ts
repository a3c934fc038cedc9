import { reasonOf } from '../../errors.ts';
import { unavailable } from './api-failure.ts';
import type { ApiServer } from './api-server.ts';
import { podPath } from './pods-path.ts';

/**
 * One Pod as the API has it; `undefined` when there is none.
 *
 * @throws LedgerError `cluster-forbidden` or `cluster-unavailable`.
 */
export async function getPod(server: ApiServer, namespace: string, name: string): Promise<unknown> {
  const path = podPath(namespace, name);
  const answer = await server.get(path);
  if (answer.kind !== 'object') return undefined;
  try {
    return await answer.body.json();
  } catch (error) {
    throw unavailable(path, reasonOf(error), undefined, error);
  }
}
