import type { Pod } from './pod.ts';

/**
 * Whether the Pod's containers are kept running. A Pod that is evicted, past its deadline or completed gets its final
 * phase only when all its containers have ended; a status in between still has the old phase, and shows the end by the
 * reason of `Ready`.
 *
 * Source: `mergePodStatus` in
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/kubelet/status/status_manager.go, and `PodCompleted` and
 * `PodFailed` in generate.go beside it
 */
export function isActive({ isBeingDeleted, phase, readyReason }: Pod): boolean {
  const isDone = readyReason === 'PodCompleted' || readyReason === 'PodFailed';
  return !isBeingDeleted && (phase === 'Pending' || phase === 'Running') && !isDone;
}
