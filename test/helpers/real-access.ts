import type { RealApiServer } from './real-api-server.ts';

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
