import type { ContainerStatus } from './pod.ts';

/**
 * The number of the restart that a status's `lastState.terminated` belongs to; below 1 it is no restart.
 *
 * During a back-off the kubelet moves the termination from `state` to `lastState` and leaves `restartCount` and
 * `containerID` as they were, so both name the container that has ended and the coming restart is not counted
 * yet. Once the next container exists, the IDs differ and the restart is counted.
 *
 * Source: `convertToAPIContainerStatuses`, "Handle the containers failed to be started", in
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go
 */
export function restartOrdinal(status: ContainerStatus): number {
  const ended = status.lastTermination?.containerId ?? '';
  const notCountedYet = status.state.name === 'waiting' && ended !== '' && ended === status.containerId;
  return notCountedYet ? status.restartCount + 1 : status.restartCount;
}
