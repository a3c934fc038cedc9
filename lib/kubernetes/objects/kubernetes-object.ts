import type { KubernetesObject } from '@kubernetes/client-node';
import { LedgerError } from '../../errors.ts';
import { isObject } from '../../narrow.ts';
import type { Pod } from '../../restarts/pod.ts';
import { readPod } from './pod.ts';

/**
 * The Pod that an object of the Kubernetes API is, or `undefined` when it is one of another kind.
 *
 * @throws LedgerError `invalid-input` when it is not such an object, or an invalid Pod.
 */
export function readKubernetesObject(object: unknown): Pod | undefined {
  if (!isObject<KubernetesObject>(object) || typeof object.kind !== 'string' || object.kind === '') {
    throw new LedgerError('invalid-input', {
      operation: 'reading',
      subject: 'the object',
      fact: 'it is not a Kubernetes object: it has no kind',
      remedy: 'send the whole Pod as the Kubernetes API server writes it',
    });
  }
  return object.kind === 'Pod' && object.apiVersion === 'v1' ? readPod(object) : undefined;
}
