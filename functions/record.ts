import type { CloudEventV1 } from 'cloudevents';
import { eventData } from '../lib/cloudevents/event-data.ts';
import { readKubernetesObject } from '../lib/kubernetes/objects/kubernetes-object.ts';
import type { RecordRestarts } from '../lib/ledger/record-restarts.ts';
import { inSpan } from '../lib/observability/spans.ts';
import { type Restart, restartsOf, restartTime } from '../lib/restarts/restart.ts';
import { isKept, type Retention } from '../lib/restarts/retention.ts';

/** What recording a Pod needs. */
export interface Recording {
  readonly recordRestarts: RecordRestarts;
  readonly retention: Pick<Retention, 'seconds'>;
  /** Unix seconds; used for nothing but the retention. */
  readonly clock: () => number;
}

/**
 * A resource event of the API server source: the restarts that its Pod shows, recorded. `undefined` when the
 * event carries an object of another kind. A delete carries the Pod's last status and is recorded like the rest.
 *
 * @throws LedgerError when the data is no Pod, or a record was not accepted.
 */
export function recordPodEvent(
  event: CloudEventV1<unknown>,
  recording: Recording,
): Promise<readonly Restart[] | undefined> {
  return recordObject(() => eventData(event), recording);
}

/**
 * The restarts that an object of the Kubernetes API shows, recorded; `undefined` when it is none of a Pod. What is past
 * retention is passed over: a sweep has removed it, or will.
 *
 * @throws LedgerError when it is no such object, or a record was not accepted.
 */
export async function recordObject(
  object: () => unknown,
  { recordRestarts, retention, clock }: Recording,
): Promise<readonly Restart[] | undefined> {
  const restarts = await inSpan('extract', {}, () => {
    const pod = readKubernetesObject(object());
    return pod && restartsOf(pod).filter((restart) => isKept(restartTime(restart), retention, clock()));
  });
  if (restarts !== undefined && restarts.length > 0) await recordRestarts(restarts);
  return restarts;
}
