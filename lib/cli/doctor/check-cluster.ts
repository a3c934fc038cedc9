import type { Config } from '../../config.ts';
import { LedgerError } from '../../errors.ts';
import type { ApiServer } from '../../kubernetes/api/api-server.ts';
import { type PodScope, podScopes, podsPath } from '../../kubernetes/api/pods-path.ts';
import { type Finding, failed, right, unknown } from './finding.ts';

/** Whether the API server lets us list and watch Pods, in each configured namespace or in all. */
export async function checkCluster(
  server: ApiServer,
  { namespaces, podSelector }: Config['cluster'],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const scope of podScopes(namespaces, podSelector)) findings.push(await checkScope(server, scope));
  return findings;
}

async function checkScope(server: ApiServer, scope: PodScope): Promise<Finding> {
  const subject = 'API server';
  const where = scope.namespace === undefined ? 'all namespaces' : `the namespace ${scope.namespace}`;
  try {
    for (const parameters of [{ limit: '1' }, { watch: '1', timeoutSeconds: '1' }]) {
      const answer = await server.get(podsPath(scope, parameters));
      if (answer.kind === 'object') await answer.body.dump();
    }
    return right(subject, `Pods of ${where} may be listed and watched`);
  } catch (failure) {
    if (failure instanceof LedgerError && failure.parts.operation === 'looking for') {
      return unknown(subject, failure.parts.fact, 'needed by watch, reconcile and references alone');
    }
    return failed(subject, failure);
  }
}
