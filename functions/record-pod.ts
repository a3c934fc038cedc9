import type { CloudEventV1 } from 'cloudevents';
import { eventData, unparsedObject } from '../lib/cloudevents/event-data.ts';
import { readKubernetesObject } from '../lib/kubernetes/objects/kubernetes-object.ts';
import { isPod, mayShowTermination } from '../lib/kubernetes/prefilter.ts';
import type { RecordRestarts } from '../lib/ledger/record-restarts.ts';
import { noAttributes } from '../lib/observability/span-attributes.ts';
import { inSpan } from '../lib/observability/spans.ts';
import { type Restart, restartsOf } from '../lib/restarts/restart.ts';
import { byRetention, type Retention } from '../lib/restarts/retention.ts';

/** What recording a Pod needs. */
export interface Recording {
  readonly recordRestarts: RecordRestarts;
  readonly retention: Pick<Retention, 'seconds'>;
  readonly nowSeconds: () => number;
}

/** The restarts that a Pod's status showed. */
export interface Recorded {
  /** Accepted by the Pushgateway. */
  readonly kept: readonly Restart[];
  /** Past retention, and not recorded: a sweep would delete them. */
  readonly expired: readonly Restart[];
}

const nothing: Recorded = { kept: [], expired: [] };

/**
 * A resource event of the API server source: the restarts that its Pod shows, recorded. `undefined` when the
 * event carries an object of another kind. A delete carries the Pod's last status and is recorded like the rest.
 *
 * A Pod whose bytes prove that it shows no termination is not parsed, so its other fields are not checked either.
 *
 * @throws LedgerError when the data is not a Pod, or a record was not accepted.
 */
export function recordPodEvent(
  event: CloudEventV1<unknown>,
  recording: Recording,
): Promise<Recorded> | Recorded | undefined {
  const bytes = unparsedObject(event);
  if (bytes !== undefined && !mayShowTermination(bytes) && isPod(bytes)) return nothing;
  return recordPod(() => eventData(event), recording);
}

/**
 * The restarts that an object of the Kubernetes API shows, recorded; `undefined` when it is not a Pod.
 *
 * @throws LedgerError when it is not such an object, or a record was not accepted.
 */
export function recordPod(
  object: () => unknown,
  { recordRestarts, retention, nowSeconds }: Recording,
): Promise<Recorded> | Recorded | undefined {
  const shown = inSpan('extract', noAttributes, () => {
    const pod = readKubernetesObject(object());
    return pod && byRetention(restartsOf(pod), retention, nowSeconds());
  });
  if (shown === undefined || shown.kept.length === 0) return shown;
  return recordRestarts(shown.kept).then(() => shown);
}
