import { isActive } from './is-active.ts';
import type { ContainerStatus, Pod, Termination } from './pod.ts';

/**
 * Whether the kubelet is about to start a container again whose `state` is `terminated`: the kubelet's own decision, as
 * far as the Pod shows what it depends on. Where something is unknown the answer is no, and `lastState` shows the restart
 * once it has happened.
 *
 * Source: `ShouldContainerBeRestarted` (container/helpers.go), `computePodActions` (kuberuntime/kuberuntime_manager.go)
 * and `computeInitContainerActions` (kuberuntime/kuberuntime_container.go) in
 * https://github.com/kubernetes/kubernetes/tree/v1.35.0/pkg/kubelet
 */
export function willRestart(pod: Pod, status: ContainerStatus): boolean {
  const { state, kind } = status;
  if (state.name !== 'terminated' || !isWholeTermination(state.termination)) return false;
  if (!isActive(pod) || mayRestartAllContainers(pod)) return false;
  switch (kind) {
    case 'container':
      return policyRestarts(pod, status, state.termination.exitCode);
    case 'init':
      return isRestartedInit(pod, status, state.termination.exitCode);
    case 'sidecar':
      return isKeptRunning(pod);
    case 'ephemeral':
      return false;
  }
}

/** One without ID or time is synthesized by the kubelet for a container that was lost, and already counted. */
function isWholeTermination({ containerId, finishedAt }: Termination): boolean {
  return containerId !== '' && finishedAt !== undefined;
}

/**
 * Whether the exit of one container may restart the whole Pod in place. The containers are then removed, and what
 * `lastState` shows of every one of them, the first included, is a termination without ID and time: a record of `state`
 * would be a second one of the same restart.
 *
 * Source: `RestartingAllContainers` in https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/kubelet/kubelet_pods.go
 */
function mayRestartAllContainers({ containers }: Pod): boolean {
  return containers.some(({ restartPolicy }) =>
    restartPolicy?.rules.some(({ action }) => action === 'RestartAllContainers'),
  );
}

/**
 * The container's rules, then its own policy, then the Pod's.
 *
 * Source: `ContainerShouldRestart` in https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/api/v1/pod/util.go
 */
function policyRestarts(pod: Pod, { restartPolicy }: ContainerStatus, exitCode: number): boolean {
  if (restartPolicy === undefined) return false;
  const { policy, rules } = restartPolicy;
  if (policy === '') return allows(pod.restartPolicy, exitCode);
  for (const { action, operator, exitCodes } of rules) {
    if (operator !== 'In' && operator !== 'NotIn') return false;
    if (exitCodes.includes(exitCode) === (operator === 'In')) return action === 'Restart';
  }
  return allows(policy, exitCode);
}

function allows(policy: string, exitCode: number): boolean {
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

function isRestartedInit(pod: Pod, status: ContainerStatus, exitCode: number): boolean {
  return exitCode !== 0 && policyRestarts(pod, status, exitCode);
}

/** A sidecar is started again as long as the Pod can still be initialized, and a container of it runs or will run. */
function isKeptRunning(pod: Pod): boolean {
  return (
    !pod.containers.some((status) => status.kind === 'init' && hasFailed(pod, status)) &&
    pod.containers.some((status) => status.kind === 'container' && runsOrWillRun(pod, status))
  );
}

function hasFailed(pod: Pod, status: ContainerStatus): boolean {
  if (status.state.name !== 'terminated') return false;
  const { exitCode } = status.state.termination;
  return exitCode !== 0 && !isRestartedInit(pod, status, exitCode);
}

function runsOrWillRun(pod: Pod, status: ContainerStatus): boolean {
  const { state } = status;
  return state.name !== 'terminated' || policyRestarts(pod, status, state.termination.exitCode);
}
