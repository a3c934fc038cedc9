import { isSynthetic } from './lost-container.ts';
import type { ContainerStatus } from './pod.ts';

/**
 * The number of the restart that a status's `lastState.terminated` belongs to; below 1 it is not a restart.
 *
 * During a back-off the kubelet moves the termination from `state` to `lastState` and leaves `restartCount` and
 * `containerID` as they were, so both name the container that has ended and the coming restart is not counted
 * yet. Once the next container exists, the IDs differ and the restart is counted.
 *
 * Where the runtime does not know how a container ended, the kubelet synthesizes a termination in `state` and counts the
 * coming restart at once; `lastState` is still the one before.
 *
 * Source: `convertToAPIContainerStatuses`, "Handle the containers failed to be started" and "manually increment the
 * restart count", in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go
 */
export function restartOrdinal(status: ContainerStatus): number {
  const { state } = status;
  if (state.name === 'terminated' && isSynthetic(state.termination)) return status.restartCount - 1;
  const ended = status.lastTermination?.containerId ?? '';
  const notCountedYet = state.name === 'waiting' && ended !== '' && ended === status.containerId;
  return notCountedYet ? status.restartCount + 1 : status.restartCount;
}
