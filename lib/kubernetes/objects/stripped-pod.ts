import type { V1Pod } from '@kubernetes/client-node';
import { isObject, type Untrusted } from '../../narrow.ts';

/**
 * A Pod with nothing but the fields that {@link file://./pod.ts} reads: no environment, no arguments, no managed
 * fields, no messages. These are unchanged, so that reading them gives the same restarts.
 */
export function strippedPod(pod: Untrusted<V1Pod>): object {
  return { apiVersion: 'v1', kind: 'Pod', ...fieldsOf(pod, podFields) };
}

/** What is kept of a value: all of it, some fields of an object, the same of each element of a list, or by a function. */
type Kept = 'all' | Fields | readonly [Kept] | ((value: unknown) => unknown);
type Fields = { readonly [field: string]: Kept };

const termination: Fields = {
  exitCode: 'all',
  signal: 'all',
  reason: 'all',
  startedAt: 'all',
  finishedAt: 'all',
  containerID: 'all',
};

const state: Fields = { running: { startedAt: 'all' }, terminated: termination };

const status: Fields = {
  name: 'all',
  image: 'all',
  restartCount: 'all',
  containerID: 'all',
  state,
  lastState: state,
};

const container: Fields = {
  name: 'all',
  restartPolicy: 'all',
  restartPolicyRules: [{ action: 'all', exitCodes: { operator: 'all', values: 'all' } }],
};

const podFields: Fields = {
  metadata: {
    namespace: 'all',
    name: 'all',
    uid: 'all',
    resourceVersion: 'all',
    creationTimestamp: 'all',
    deletionTimestamp: 'all',
    labels: { 'pod-template-hash': 'all' },
    ownerReferences: [{ kind: 'all', name: 'all', controller: 'all' }],
  },
  spec: {
    nodeName: 'all',
    restartPolicy: 'all',
    initContainers: [container],
    containers: [container],
  },
  status: {
    phase: 'all',
    conditions: readyCondition,
    initContainerStatuses: [status],
    containerStatuses: [status],
    ephemeralContainerStatuses: [status],
  },
};

function readyCondition(conditions: unknown): unknown {
  if (!Array.isArray(conditions)) return conditions;
  return conditions
    .filter((condition) => !isObject<{ type: unknown }>(condition) || condition.type === 'Ready')
    .map((condition) => stripped(condition, { type: 'all', reason: 'all' }));
}

/** What should be an object or a list and is not stays as it is: the reader rejects it. */
function stripped(value: unknown, kept: Kept): unknown {
  if (kept === 'all') return value;
  if (typeof kept === 'function') return kept(value);
  if (isList(kept)) return Array.isArray(value) ? value.map((each) => stripped(each, kept[0])) : value;
  return isObject<Record<string, unknown>>(value) ? fieldsOf(value, kept) : value;
}

function isList(kept: Fields | readonly [Kept]): kept is readonly [Kept] {
  return Array.isArray(kept);
}

function fieldsOf(object: Untrusted<Record<string, unknown>>, fields: Fields): object {
  const found: [string, unknown][] = [];
  for (const [field, value] of Object.entries(object)) {
    const kept = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (kept !== undefined && value !== undefined) found.push([field, stripped(value, kept)]);
  }
  return Object.fromEntries(found);
}
