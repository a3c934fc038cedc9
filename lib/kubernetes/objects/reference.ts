import type { V1ObjectReference } from '@kubernetes/client-node';
import { LedgerError } from '../../errors.ts';
import { isObject, nameField } from '../../narrow.ts';
import { podName, podNamespace } from './pod.ts';

/** Which Pod a reference names. */
export interface PodReference {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The Pod that an object reference names; `undefined` when it names an object of another kind.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-reference/
 *
 * @throws LedgerError `invalid-input` when it is not a reference, or its names are not valid for a Pod.
 */
export function readReference(reference: unknown): PodReference | undefined {
  if (!isObject<V1ObjectReference>(reference) || typeof reference.kind !== 'string') throw noReference();
  if (reference.kind !== 'Pod' || reference.apiVersion !== 'v1') return undefined;
  return {
    namespace: nameField(reference, 'namespace', '', podNamespace),
    name: nameField(reference, 'name', '', podName),
  };
}

function noReference(): LedgerError {
  return new LedgerError('invalid-input', {
    operation: 'reading',
    subject: 'the reference',
    fact: 'it is not a reference to a Kubernetes object: it has no kind',
    remedy: 'send it as the API server source does in mode Reference',
  });
}
