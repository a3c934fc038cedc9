import { selects } from './manifest.ts';
import { listAt, textAt, textsAt, valueAt } from './value-at.ts';

/** One side of a connection: a Pod, or something that is none (a node, the API server), which has no labels. */
export interface Peer {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The labels of its namespace, beyond the name, which the API server sets. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

export interface Connection {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/**
 * Whether the NetworkPolicies of `manifests` let a connection through: the egress of the Pod that opens it, and the ingress
 * of the Pod that it goes to. Where no policy selects a Pod, everything is allowed. An `ipBlock` and a named port match nothing here.
 *
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function isAllowed(manifests: readonly unknown[], connection: Connection): boolean {
  const { from, to } = connection;
  return (
    isAllowedFor(manifests, connection, { pod: from, other: to, direction: 'egress' }) &&
    isAllowedFor(manifests, connection, { pod: to, other: from, direction: 'ingress' })
  );
}

interface Side {
  readonly pod: Peer;
  readonly other: Peer;
  readonly direction: 'ingress' | 'egress';
}

function isAllowedFor(manifests: readonly unknown[], connection: Connection, side: Side): boolean {
  const { pod, other, direction } = side;
  if (pod.labels === undefined) return true;
  const type = direction === 'egress' ? 'Egress' : 'Ingress';
  const policies = manifests
    .filter((manifest) => textAt(manifest, 'kind') === 'NetworkPolicy')
    .filter((policy) => textAt(policy, 'metadata.namespace') === pod.namespace)
    .filter((policy) => matches(valueAt(policy, 'spec.podSelector'), pod.labels ?? {}))
    .filter((policy) => listAt(policy, 'spec.policyTypes').includes(type));
  const rules = policies.flatMap((policy) => listAt(policy, `spec.${direction}`));
  const peers = direction === 'egress' ? 'to' : 'from';
  return (
    policies.length === 0 ||
    rules.some(
      (rule) =>
        (valueAt(rule, peers) === undefined ||
          listAt(rule, peers).some((peer) => isPeer(peer, other, pod.namespace))) &&
        (valueAt(rule, 'ports') === undefined ||
          listAt(rule, 'ports').some((port) => isPort(port, connection))),
    )
  );
}

/** Without a namespace selector, a peer is in the policy's own namespace. */
function isPeer(peer: unknown, { namespace, labels, namespaceLabels }: Peer, ofPolicy?: string): boolean {
  if (labels === undefined || namespace === undefined) return false;
  const inNamespace = valueAt(peer, 'namespaceSelector');
  const named = { ...namespaceLabels, 'kubernetes.io/metadata.name': namespace };
  return (
    (inNamespace === undefined ? namespace === ofPolicy : matches(inNamespace, named)) &&
    matches(valueAt(peer, 'podSelector') ?? {}, labels)
  );
}

function isPort(port: unknown, { port: number, protocol = 'TCP' }: Connection): boolean {
  const first = valueAt(port, 'port');
  const last = valueAt(port, 'endPort') ?? first;
  const isNumber = typeof first === 'number' && typeof last === 'number' && first <= number && number <= last;
  return (valueAt(port, 'protocol') ?? 'TCP') === protocol && (first === undefined || isNumber);
}

function matches(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  return (
    selects(textsAt(selector, 'matchLabels'), labels) &&
    listAt(selector, 'matchExpressions').every((expression) => {
      const value = labels[textAt(expression, 'key')];
      const isOne = value !== undefined && listAt(expression, 'values').includes(value);
      if (textAt(expression, 'operator') === 'In') return isOne;
      throw new Error(`the operator of ${JSON.stringify(expression)} is not supported here`);
    })
  );
}
