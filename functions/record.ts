import type { CloudEventV1 } from 'cloudevents';
import { eventData } from '../lib/events/event-data.ts';
import { readKubernetesObject } from '../lib/events/kubernetes-object.ts';
import type { RecordRestarts } from '../lib/record-restarts.ts';
import type { Restart } from '../lib/restarts/restart.ts';

/**
 * A resource event of the API server source: the restarts that its Pod shows, recorded. `undefined` when the
 * event carries an object of another kind. A delete carries the Pod's last status and is recorded like the rest.
 *
 * @throws LedgerError when the data is no Pod, or a record was not accepted.
 */
export async function recordPodEvent(
  event: CloudEventV1<unknown>,
  recordRestarts: RecordRestarts,
): Promise<readonly Restart[] | undefined> {
  const pod = readKubernetesObject(eventData(event));
  return pod && (await recordRestarts(pod));
}
