import type { Config } from '../../config.ts';
import { LedgerError } from '../../errors.ts';
import type { ApiServer } from '../../kubernetes/api/api-server.ts';
import { type PodScope, podPath, podScopes, podsPath } from '../../kubernetes/api/pods-path.ts';
import { type Finding, failed, right, unknown } from './finding.ts';

/** What needs the API server, each with permissions of its own. */
export type ClusterUse = 'watch' | 'reconcile' | 'function';

type Verb = 'get' | 'list' | 'watch';

/** The verbs on `pods` that each use needs. The function gets the Pods of references, and lists for a reconcile. */
const verbsOf: Readonly<Record<ClusterUse, readonly Verb[]>> = {
  watch: ['list', 'watch'],
  reconcile: ['list'],
  function: ['get', 'list'],
};

const words: Readonly<Record<Verb, string>> = { get: 'read', list: 'listed', watch: 'watched' };

/** Whether the API server allows what a use needs, in each configured namespace or in all. */
export async function checkCluster(
  server: ApiServer,
  { namespaces, podSelector }: Config['cluster'],
  use: ClusterUse,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const scope of podScopes(namespaces, podSelector)) {
    findings.push(await checkScope(server, scope, verbsOf[use]));
  }
  return findings;
}

async function checkScope(server: ApiServer, scope: PodScope, verbs: readonly Verb[]): Promise<Finding> {
  const subject = 'API server';
  const where = scope.namespace === undefined ? 'all namespaces' : `the namespace ${scope.namespace}`;
  try {
    for (const verb of verbs) {
      const answer = await server.get(pathOf(verb, scope));
      if (answer.kind === 'object') await answer.body.dump();
    }
    return right(subject, `Pods of ${where} may be ${verbs.map((verb) => words[verb]).join(' and ')}`);
  } catch (failure) {
    if (failure instanceof LedgerError && failure.kind === 'cluster-unconfigured') {
      return unknown(subject, failure.parts.fact, 'needed by watch, reconcile and references alone');
    }
    return failed(subject, failure);
  }
}

function pathOf(verb: Verb, scope: PodScope): string {
  if (verb === 'list') return podsPath(scope, { limit: '1' });
  if (verb === 'watch') return podsPath(scope, { watch: '1', timeoutSeconds: '1' });
  // A 404 shows that reading is allowed.
  return podPath(scope.namespace ?? 'default', 'restart-ledger-doctor');
}
