import type { CloudEventV1 } from 'cloudevents';
import { eventData } from '../lib/events/event-data.ts';
import { readKubernetesObject } from '../lib/events/kubernetes-object.ts';
import type { RecordRestarts } from '../lib/record-restarts.ts';
import { type Restart, restartsOf } from '../lib/restarts/restart.ts';
import { inSpan } from '../lib/telemetry/spans.ts';

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
  const restarts = await inSpan('extract', {}, () => {
    const pod = readKubernetesObject(eventData(event));
    return pod && restartsOf(pod);
  });
  if (restarts !== undefined) await recordRestarts(restarts);
  return restarts;
}
