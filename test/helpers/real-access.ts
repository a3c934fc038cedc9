import type { RealApiServer } from './real-api-server.ts';
import { valueAt } from './value-at.ts';

/** Makes a service account that may do this with the Pods of all namespaces, and returns a token of it. */
export async function grantPods(
  server: RealApiServer,
  namespace: string,
  name: string,
  verbs: readonly string[],
): Promise<string> {
  const access = '/apis/rbac.authorization.k8s.io/v1';
  await server.must('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  await server.must('POST', `${access}/clusterroles`, {
    metadata: { name },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
  });
  await server.must('POST', `${access}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  return await server.tokenOf(namespace, name);
}

/** All that may be done with an object of the API. */
const everyVerb = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
] as const;
export type Verb = (typeof everyVerb)[number];

/** What a service account of `restart-ledger` may do with the Pods of all namespaces, as the API server decides. */
export async function allowedVerbs(server: RealApiServer, account: string): Promise<readonly Verb[]> {
  const allowed: Verb[] = [];
  for (const verb of everyVerb) {
    const review = await server.must('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      spec: {
        user: `system:serviceaccount:restart-ledger:${account}`,
        groups: ['system:serviceaccounts', 'system:serviceaccounts:restart-ledger', 'system:authenticated'],
        resourceAttributes: { verb, resource: 'pods' },
      },
    });
    if (valueAt(review, 'status.allowed') === true) allowed.push(verb);
  }
  return allowed;
}
