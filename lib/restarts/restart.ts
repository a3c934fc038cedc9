import { wasLostAtTheEnd } from './lost-container.ts';
import { restartOrdinal } from './ordinal.ts';
import type { ContainerKind, ContainerStatus, Pod, Termination } from './pod.ts';
import { terminationReason } from './termination-reason.ts';
import { willRestart } from './will-restart.ts';
import { workloadOf } from './workload.ts';

/**
 * One restart of one container: a pure function of the Pod's status, never of the clock.
 *
 * Two statuses that show the same restart give the same identity ({@link restartId} within namespace, pod, uid
 * and container). The later one may show more: `restartedAt` appears once the container runs again.
 */
export interface Restart {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly containerKind: ContainerKind;
  /** 1 for the container's first restart. */
  readonly ordinal: number;
  /** Never empty. */
  readonly reason: string;
  readonly exitCode: number;
  /** When the container that ended had started, in Unix seconds. */
  readonly startedAt: number | undefined;
  /** When it ended, in Unix seconds. */
  readonly finishedAt: number | undefined;
  /** When the next one started, in Unix seconds; unknown until it runs. */
  readonly restartedAt: number | undefined;
  /** The container that ended; empty when unknown. */
  readonly containerId: string;
  readonly node: string;
  readonly image: string;
  /** The Pod's controller; both empty where it has none. */
  readonly ownerKind: string;
  readonly ownerName: string;
  /** What outlives a rollout: the Deployment of a ReplicaSet's Pod, else the controller; both empty where it has none. */
  readonly workload: string;
  /** The kind of the workload in lower case: `deployment`, `statefulset`. */
  readonly workloadType: string;
}

/**
 * Every restart that a Pod's status shows, in the order of its containers; empty when it shows none. A container shows
 * up to two: the one before, in `lastState`, and the one that is about to come, in `state`.
 */
export function restartsOf(pod: Pod): Restart[] {
  const restarts: Restart[] = [];
  for (const status of pod.containers) {
    const { state, lastTermination } = status;
    const ordinal = restartOrdinal(status);
    if (lastTermination !== undefined && ordinal >= 1 && !wasLostAtTheEnd(pod, status)) {
      restarts.push(restart(pod, status, lastTermination, ordinal));
    }
    if (state.name === 'terminated' && willRestart(pod, status)) {
      restarts.push(restart(pod, status, state.termination, status.restartCount + 1));
    }
  }
  return restarts;
}

function restart(pod: Pod, status: ContainerStatus, termination: Termination, ordinal: number): Restart {
  return {
    namespace: pod.namespace,
    pod: pod.name,
    uid: pod.uid,
    container: status.name,
    containerKind: status.kind,
    ordinal,
    reason: terminationReason(termination),
    exitCode: termination.exitCode,
    startedAt: termination.startedAt,
    finishedAt: termination.finishedAt,
    restartedAt: status.state.name === 'running' ? status.state.startedAt : undefined,
    containerId: termination.containerId,
    node: pod.node,
    image: status.image,
    ownerKind: pod.owner?.kind ?? '',
    ownerName: pod.owner?.name ?? '',
    ...workloadOf(pod),
  };
}

/**
 * Identifies a restart among those of its container: `<ordinal>_<finishedAt in Unix seconds, 0 when unknown>`.
 *
 * The time distinguishes restarts where a kubelet starts counting again (its node was lost, its logs were removed).
 */
export function restartId({ ordinal, finishedAt }: Restart): string {
  return `${ordinal}_${finishedAt ?? 0}`;
}

/** When the restart happened, in Unix seconds: the end of the old container, else the start of the new one. */
export function restartTime({
  finishedAt,
  restartedAt,
}: Pick<Restart, 'finishedAt' | 'restartedAt'>): number | undefined {
  return finishedAt ?? restartedAt;
}

/** How long the container had run, in seconds; negative where the node's clock was set back. */
export function runSeconds({
  startedAt,
  finishedAt,
}: Pick<Restart, 'startedAt' | 'finishedAt'>): number | undefined {
  return startedAt === undefined || finishedAt === undefined ? undefined : finishedAt - startedAt;
}

/** How long the container was down, in seconds; unknown until it runs again. */
export function downSeconds({
  finishedAt,
  restartedAt,
}: Pick<Restart, 'finishedAt' | 'restartedAt'>): number | undefined {
  return finishedAt === undefined || restartedAt === undefined ? undefined : restartedAt - finishedAt;
}
