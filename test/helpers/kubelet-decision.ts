import type { ContainerPlan, ModelContainer, ModelPod, Phase } from './kubelet-status.ts';

/**
 * Which containers the model's kubelet starts. It decides by the Pod itself, not by its reported status.
 * Sources as in {@link file://./kubelet-model.ts}.
 */
export function willStart(container: ModelContainer, pod: ModelPod): boolean {
  const { plan, state } = container;
  if (state.name === 'created' || state.name === 'running' || isOver(pod)) return false;
  switch (plan.kind) {
    case 'ephemeral':
      return container.attempt < 0 && state.name === 'waiting';
    case 'sidecar':
      return isTurnOf(container, pod);
    case 'init':
      if (state.name === 'unknown') return true;
      if (state.name === 'terminated') return hasFailed(container) && !hasFailedForGood(container, pod);
      return isTurnOf(container, pod);
    case 'container':
      if (state.name === 'unknown') return true;
      if (state.name === 'terminated') return !isDone(container, pod);
      return pod.containers.every((other) => isRegular(other) || isReady(other));
  }
}

/** Whether no container of the Pod is started any more. */
export function isOver(pod: ModelPod): boolean {
  const regular = pod.containers.filter(({ plan }) => plan.kind === 'container');
  return (
    pod.deletedAt !== undefined ||
    pod.isEvicted ||
    pod.phase === 'Succeeded' ||
    pod.phase === 'Failed' ||
    pod.containers.some((container) => hasFailedForGood(container, pod)) ||
    regular.every((container) => isDone(container, pod))
  );
}

/** The current phase of the Pod. */
export function phaseOf(pod: ModelPod): Phase {
  const { containers, phase, isEvicted } = pod;
  if (phase === 'Succeeded' || phase === 'Failed') return phase;
  if (isEvicted || containers.some((container) => hasFailedForGood(container, pod))) return 'Failed';
  if (containers.some(({ state }) => state.name === 'running')) return 'Running';
  const regular = containers.filter(({ plan }) => plan.kind === 'container');
  const isEnded = regular.every(({ state }) => state.name === 'terminated');
  if (pod.deletedAt === undefined ? !regular.every((each) => isDone(each, pod)) : !isEnded) {
    return regular.some(({ attempt }) => attempt >= 0) ? 'Running' : 'Pending';
  }
  return regular.some(hasFailed) ? 'Failed' : 'Succeeded';
}

function isRegular({ plan }: ModelContainer): boolean {
  return plan.kind === 'container' || plan.kind === 'ephemeral';
}

/** Init containers and sidecars come one after another. */
function isTurnOf(container: ModelContainer, { containers }: ModelPod): boolean {
  const before = containers.slice(0, containers.indexOf(container));
  return container.attempt >= 0 || before.every(isReady);
}

/** Whether what comes after an init container or a sidecar may start. */
function isReady({ plan, attempt, state }: ModelContainer): boolean {
  if (plan.kind === 'sidecar') return attempt >= 0;
  return state.name === 'terminated' && state.termination.exitCode === 0;
}

function hasFailed({ state }: ModelContainer): boolean {
  return state.name === 'terminated' && state.termination.exitCode !== 0;
}

function hasFailedForGood(container: ModelContainer, pod: ModelPod): boolean {
  return container.plan.kind === 'init' && hasFailed(container) && isDone(container, pod);
}

/** Whether a container has ended and its policy leaves it so. */
function isDone({ plan, state }: ModelContainer, pod: ModelPod): boolean {
  return state.name === 'terminated' && !restartsAfter(state.termination.exitCode, plan, pod);
}

function restartsAfter(exitCode: number, plan: ContainerPlan, pod: ModelPod): boolean {
  if (plan.restartsOn?.includes(exitCode)) return true;
  if (plan.restartsOnAllBut?.includes(exitCode) === false) return true;
  const policy = plan.restartPolicy ?? pod.plan.restartPolicy;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
