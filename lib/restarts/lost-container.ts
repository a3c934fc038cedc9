import { isActive } from './is-active.ts';
import type { ContainerStatus, Pod, Termination } from './pod.ts';

/**
 * Whether the kubelet has synthesized this termination of a container that its runtime could not find: it has no ID and
 * no time.
 *
 * Source: `convertToAPIContainerStatuses` in
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/kubelet/kubelet_pods.go
 */
export function isSynthetic({ containerId, reason }: Termination): boolean {
  return containerId === '' && (reason === 'ContainerStatusUnknown' || reason === 'RestartingAllContainers');
}

/**
 * Whether `lastState` shows a container that was lost when its Pod ended (an eviction, a deletion). The kubelet writes
 * the status as after a restart, and starts nothing.
 *
 * Source: "could not be located when the pod was deleted" in `convertToAPIContainerStatuses`
 */
export function wasLostAtTheEnd(pod: Pod, { state, containerId, lastTermination }: ContainerStatus): boolean {
  return (
    state.name === 'waiting' &&
    containerId === '' &&
    lastTermination?.reason === 'ContainerStatusUnknown' &&
    isSynthetic(lastTermination) &&
    !isActive(pod)
  );
}

/**
 * How many restarts a status counts that have happened or will: its `restartCount`, without the one that the kubelet
 * adds for a container that was lost when its Pod ended. It adds none to a Pod that is being deleted, where it
 * synthesizes `lastState` only.
 */
export function countedRestarts(pod: Pod, status: ContainerStatus): number {
  const { state, restartCount } = status;
  const isAddedInState = state.name === 'terminated' && isSynthetic(state.termination) && !isActive(pod);
  const isAddedInLastState = wasLostAtTheEnd(pod, status) && !pod.isBeingDeleted;
  return isAddedInState || isAddedInLastState ? Math.max(0, restartCount - 1) : restartCount;
}
