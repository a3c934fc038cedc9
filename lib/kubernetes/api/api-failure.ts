import { LedgerError } from '../../errors.ts';

/** @param retryAfterMilliseconds How long the server asks to wait; `undefined` without `Retry-After`. */
export function unavailable(
  path: string,
  fact: string,
  retryAfterMilliseconds?: number,
  cause?: unknown,
): LedgerError {
  const remedy = 'check that the API server can be reached, and KUBECONFIG where one is used';
  const parts = { operation: 'reading from the API server', subject: path, fact, remedy };
  return new LedgerError('cluster-unavailable', parts, { retryAfterMilliseconds, cause });
}

/** Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole */
export function forbidden(path: string, status: number, fact: string): LedgerError {
  const namespace = /^\/api\/v1\/namespaces\/([^/?]+)/.exec(path)?.[1];
  const where =
    namespace === undefined
      ? 'a ClusterRole with a ClusterRoleBinding'
      : `a Role with a RoleBinding in the namespace ${namespace}, or a ClusterRole with a ClusterRoleBinding`;
  const rule = `{apiGroups: [""], resources: ["pods"], verbs: [${verbsFor(path)}]}`;
  const remedy =
    status === 401
      ? 'give credentials that the API server accepts: a service account token, or a kubeconfig in KUBECONFIG'
      : `allow it by the rule ${rule} in ${where}`;
  const parts = { operation: 'reading from the API server', subject: path, fact, remedy };
  return new LedgerError('cluster-forbidden', parts);
}

/** The verbs that a request for the path, and those that follow it, need. */
function verbsFor(path: string): string {
  if (/\/pods\/[^/?]/.test(path)) return '"get"';
  return /[?&]watch=/.test(path) ? '"list", "watch"' : '"list"';
}

/** @param subject The kubeconfig or the credentials that cannot be used. */
export function unusable(subject: string, fact: string, cause: unknown): LedgerError {
  const remedy = 'fix it, or name another one in KUBECONFIG';
  return new LedgerError('cluster-unusable', { operation: 'using', subject, fact, remedy }, { cause });
}
