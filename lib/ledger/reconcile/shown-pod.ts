import { LedgerError } from '../../errors.ts';
import { creationTime } from '../../kubernetes/objects/creation-time.ts';
import { readPod } from '../../kubernetes/objects/pod.ts';
import { isObject } from '../../narrow.ts';
import { countedRestarts } from '../../restarts/lost-container.ts';
import { type Restart, restartsOf, restartTime } from '../../restarts/restart.ts';
import type { Dated } from '../../restarts/retention.ts';

/** A container that has restarted, as its Pod shows it. */
export interface ShownContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  /** As its status counts them, without one that never happened. */
  readonly restartCount: number;
  /** When the Pod was created, in Unix seconds. */
  readonly createdAt: number | undefined;
  /** The restarts that it shows past retention, which have no record. */
  readonly past: readonly Dated[];
}

export interface ShownPod {
  /** The restarts that the Pod shows, those past retention left out. */
  readonly restarts: readonly Restart[];
  /** Its containers that have restarted, whether a termination is shown or not. */
  readonly containers: readonly ShownContainer[];
}

/**
 * @param object A Pod as an item of a list of the API.
 * @param isKept Whether a restart of this time is within retention.
 * @throws LedgerError `invalid-input` when it is not a Pod.
 */
export function readShownPod(object: unknown, isKept: (time: number | undefined) => boolean): ShownPod {
  if (!isObject(object)) throw notAnObject();
  const pod = readPod(object);
  const { namespace, name, uid } = pod;
  const createdAt = creationTime(object);
  const restarts = restartsOf(pod);
  const containers: ShownContainer[] = [];
  for (const status of pod.containers) {
    const container = status.name;
    const restartCount = countedRestarts(pod, status);
    const shown = restarts.filter((restart) => restart.container === container);
    if (restartCount === 0 && shown.length === 0) continue;
    const past = shown
      .filter((restart) => !isKept(restartTime(restart)))
      .map((restart) => ({ ordinal: restart.ordinal, time: restartTime(restart), pushedAt: undefined }));
    containers.push({ namespace, pod: name, uid, container, restartCount, createdAt, past });
  }
  return { restarts: restarts.filter((restart) => isKept(restartTime(restart))), containers };
}

function notAnObject(): LedgerError {
  const remedy = 'check which server answers as the API server';
  const parts = {
    operation: 'reading',
    subject: 'an item of the list of Pods',
    fact: 'it is not an object',
    remedy,
  };
  return new LedgerError('invalid-input', parts);
}
