import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { ApiClient } from '../node/api-client.ts';
import type { Certificates } from '../node/certificates.ts';

/** The namespace of `deploy/`. */
const namespace = 'restart-ledger';

/**
 * Creates what a component's `access.yaml` grants, and a kubeconfig with a token of its service account: so the API
 * server checks the shipped rules, and refuses everybody until it has loaded them, as it does after a start.
 *
 * @returns the path of the kubeconfig.
 */
export async function grantAccess(
  component: string,
  account: string,
  server: string,
  api: ApiClient,
  certificates: Certificates,
): Promise<string> {
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const text = await readFile(`deploy/components/${component}/access.yaml`, 'utf8');
  for (const document of parseAllDocuments(text)) {
    const object: { kind: string } = document.toJS();
    await api.send('POST', collectionOf(object.kind), object);
  }
  const accounts = collectionOf('ServiceAccount');
  const answer = await api.send('POST', `${accounts}/${account}/token`, {
    spec: { expirationSeconds: 7200 },
  });
  const token = /"token":"([^"]+)"/.exec(JSON.stringify(answer))?.[1];
  if (token === undefined) throw new Error(`the API server gave no token for ${account}`);
  return certificates.kubeconfig(account, server, { token });
}

function collectionOf(kind: string): string {
  if (kind === 'ServiceAccount') return `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const group = '/apis/rbac.authorization.k8s.io/v1';
  if (kind === 'ClusterRole') return `${group}/clusterroles`;
  if (kind === 'ClusterRoleBinding') return `${group}/clusterrolebindings`;
  throw new Error(`access.yaml holds a ${kind}, which is not expected`);
}
