import type { CloudEventV1 } from 'cloudevents';
import { eventData } from '../lib/cloudevents/event-data.ts';
import type { Cluster } from '../lib/kubernetes/api/cluster.ts';
import { readReference } from '../lib/kubernetes/objects/reference.ts';
import { type Recorded, type Recording, recordPod } from './record-pod.ts';

/**
 * A reference event of the API server source: the Pod that it names is read, and the restarts that it shows are
 * recorded. None for a Pod that no longer exists; `undefined` when it refers to an object of another kind.
 *
 * @throws LedgerError when the data is not a reference, the Pod cannot be read, or a record was not accepted.
 */
export async function recordReference(
  event: CloudEventV1<unknown>,
  cluster: Pick<Cluster, 'pod'>,
  recording: Recording,
): Promise<Recorded | undefined> {
  const reference = readReference(eventData(event));
  if (reference === undefined) return undefined;
  const pod = await cluster.pod(reference.namespace, reference.name);
  return pod === undefined ? { kept: [], expired: [] } : await recordPod(() => pod, recording);
}
