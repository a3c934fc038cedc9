/** Which Pods: of one namespace or all (`undefined`), with labels that a selector names or any (empty). */
export interface PodScope {
  readonly namespace: string | undefined;
  readonly selector: string;
}

/** The scopes that together have the Pods of these namespaces; of all, when none is named. */
export function podScopes(namespaces: readonly string[], selector: string): readonly PodScope[] {
  const names = namespaces.length === 0 ? [undefined] : namespaces;
  return names.map((namespace) => ({ namespace, selector }));
}

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#list-list-or-watch-objects-of-kind-pod */
export function podsPath(
  { namespace, selector }: PodScope,
  parameters: Readonly<Record<string, string>>,
): string {
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const query = new URLSearchParams({ ...(selector !== '' && { labelSelector: selector }), ...parameters });
  return `/api/v1${within}/pods?${query}`;
}

/** The path of one Pod. */
export function podPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}
