import { isOver, phaseOf, willStart } from './kubelet-decision.ts';
import {
  type ContainerKind,
  type Ending,
  type ModelContainer,
  type ModelPod,
  type ModelState,
  type PodPlan,
  podObject,
  type Termination,
} from './kubelet-status.ts';

/**
 * A small model of a kubelet and its container runtime: it runs Pods by commands and reports their status after
 * each one, by the rules of `convertToAPIContainerStatuses` and `startContainer` in
 * https://github.com/kubernetes/kubernetes/tree/master/pkg/kubelet (kubelet_pods.go, kuberuntime/).
 *
 * Beside the status it gives the true restarts. It knows the number of each restart from the attempt that has ended,
 * whatever the reported `restartCount` is by then, and whether an end is followed by a restart from what it starts.
 *
 * As the status manager does, it coalesces: what happens between two reports is not shown by itself.
 *
 * Left out: a dead container that the runtime loses during the back-off. The status is then identical to that of a
 * container that was lost while it ran, and no reader can distinguish them.
 */
export interface Kubelet {
  /** The containers that a command can be given to now. */
  targets(command: CommandName): readonly ModelContainer[];
  /** Waits, applies the command, and returns the Pod's status after it; `undefined` when it is not reported. */
  apply(command: Command, target: ModelContainer): Status | undefined;
}

export interface Command {
  readonly name: CommandName;
  /** The pause before the command, in milliseconds. */
  readonly wait: number;
  readonly ending: Ending;
  readonly waitingReason: string;
  /** Whether the kubelet reports the status; if not, the next report contains its effect. */
  readonly isReported: boolean;
  /** Whether a final phase is held back, as long as the kubelet does not know that all containers have ended. */
  readonly holdsPhase: boolean;
}

/** A Pod's status as the API server would show it, and the true restarts that it shows. */
export interface Status {
  readonly pod: object;
  readonly shown: readonly ShownRestart[];
}

/** An end that a status shows: it leads to a restart when its ordinal is 1 or more. */
export interface ShownRestart extends Termination {
  readonly plan: PodPlan;
  readonly uid: string;
  readonly container: string;
  readonly kind: ContainerKind;
  readonly image: string;
  /** When the next container has started, if this status shows it. */
  readonly restartedAt: number | undefined;
  readonly stateName: ModelState['name'];
  /** Whether it is in `state`, and not in `lastState`. */
  readonly isPresent: boolean;
}

interface CommandContext {
  readonly pod: { -readonly [field in keyof ModelPod]: ModelPod[field] };
  readonly container: ModelContainer;
  readonly command: Command;
  readonly now: number;
  newId(): string;
}

interface Rule {
  /** Its minimum duration, in milliseconds. */
  readonly takes?: number;
  applies(container: ModelContainer, pod: ModelPod): boolean;
  apply(context: CommandContext): void;
}

const unknownEnd = { exitCode: 137, containerId: '', startedAt: undefined, finishedAt: undefined };

const rules = {
  create: {
    applies: willStart,
    apply: create,
  },
  run: {
    applies: (container, pod) =>
      (container.state.name === 'created' && !pod.isEvicted) || willStart(container, pod),
    apply(context) {
      if (context.container.state.name !== 'created') create(context);
      context.container.state = { name: 'running', startedAt: context.now };
    },
  },
  'fail to run': {
    applies: ({ state }) => state.name === 'created',
    apply({ container, now }) {
      end(container, { exitCode: 128, reason: 'StartError' }, 0, now);
    },
  },
  end: {
    applies: ({ state }) => state.name === 'running',
    apply({ container, command, now }) {
      if (container.state.name === 'running') end(container, command.ending, container.state.startedAt, now);
    },
  },
  'back off': {
    applies: willStart,
    apply({ container, command }) {
      if ('termination' in container.state) container.last = container.state.termination;
      container.state = { name: 'waiting', reason: command.waitingReason };
    },
  },
  /** The runtime has lost the container and the dead ones before it. */
  lose: {
    applies: canBeLost,
    apply: lose,
  },
  /** The node's logs are gone too, from which the kubelet would take the count. */
  'lose with logs': {
    takes: 1000,
    applies: (container, pod) =>
      pod.deletedAt === undefined && container.plan.kind !== 'ephemeral' && canBeLost(container, pod),
    apply(context) {
      lose(context);
      context.container.attempt = -1;
    },
  },
  'lose status': {
    applies: canBeLost,
    apply({ container }) {
      const ordinal = container.attempt + 1;
      const { containerId: run } = container;
      container.restartCount = ordinal;
      container.state = {
        name: 'unknown',
        termination: { ...unknownEnd, run, reason: 'ContainerStatusUnknown', ordinal },
      };
    },
  },
  'garbage-collect': {
    applies: ({ last, state }, { plan }) =>
      last !== undefined && state.name !== 'waiting' && !plan.restartsInPlace,
    apply({ container }) {
      container.last = undefined;
    },
  },
  'restart all': {
    applies: (_container, pod) => pod.plan.restartsInPlace && !isOver(pod) && pod.containers.every(hasRun),
    apply({ pod }) {
      for (const container of pod.containers) {
        const ordinal = container.attempt + 1;
        container.last = {
          ...unknownEnd,
          run: container.containerId,
          reason: 'RestartingAllContainers',
          ordinal,
        };
        container.restartCount = ordinal;
        container.containerId = '';
        container.state = { name: 'waiting', reason: 'RestartingAllContainers' };
      }
    },
  },
  /** By the kubelet: for its node's memory or disk, for its deadline, for a Pod of higher priority. */
  evict: {
    applies: (_container, { phase, isEvicted }) => !isEvicted && phase !== 'Succeeded' && phase !== 'Failed',
    apply({ pod, now }) {
      pod.isEvicted = true;
      for (const container of pod.containers) {
        const { state } = container;
        if (state.name === 'running')
          end(container, { exitCode: 137, reason: 'Error' }, state.startedAt, now);
      }
    },
  },
  'delete the Pod': {
    applies: (_container, { deletedAt }) => deletedAt === undefined,
    apply({ pod, now }) {
      pod.deletedAt = now;
    },
  },
  /** As a StatefulSet does, under the same name. */
  'create the Pod again': {
    applies: (_container, { deletedAt }) => deletedAt !== undefined,
    apply({ pod, now, newId }) {
      Object.assign(pod, newPod(pod.plan, newId(), now));
    },
  },
} satisfies Record<string, Rule>;

export type CommandName = keyof typeof rules;

/** A kubelet that runs these Pods from a time on, in Unix milliseconds; no container has been started yet. */
export function createKubelet(plans: readonly PodPlan[], start: number): Kubelet {
  let now = start;
  let ids = 0;
  const newId = () => String(++ids).padStart(12, '0');
  const pods = plans.map((plan) => newPod(plan, newId(), now));
  return {
    targets: (command) =>
      pods.flatMap((pod) => pod.containers.filter((container) => rules[command].applies(container, pod))),
    apply(command, target) {
      const pod = pods.find(({ containers }) => containers.includes(target));
      if (pod === undefined) throw new Error(`${target.plan.name} is gone`);
      const rule: Rule = rules[command.name];
      now += command.wait + (rule.takes ?? 0);
      rule.apply({ pod, container: target, command, now, newId });
      if (!command.isReported) return undefined;
      report(pod, command.holdsPhase);
      return { pod: podObject(pod), shown: pod.containers.flatMap((container) => shownBy(pod, container)) };
    },
  };
}

function newPod(plan: PodPlan, id: string, now: number): ModelPod {
  const containers = plan.containers.map(
    (container): ModelContainer => ({
      plan: container,
      image: `registry.example.com/${plan.namespace}/${container.name}:1.0.0`,
      attempt: -1,
      containerId: '',
      restartCount: 0,
      state: { name: 'waiting', reason: 'ContainerCreating' },
      last: undefined,
    }),
  );
  return {
    plan,
    uid: `8717cf78-3d0c-4c2e-a1de-${id}`,
    createdAt: now,
    deletedAt: undefined,
    isEvicted: false,
    phase: 'Pending',
    readyReason: '',
    containers,
  };
}

/** Brings the phase up to date: a final one only when nothing runs any more, while `Ready` reports it at once. */
function report(pod: CommandContext['pod'], holdsPhase: boolean): void {
  const phase = phaseOf(pod);
  const isFinal = phase === 'Succeeded' || phase === 'Failed';
  const { reportsPodEnd = true } = pod.plan;
  const isHeld =
    (holdsPhase && reportsPodEnd) || pod.containers.some(({ state }) => state.name === 'running');
  const endReason = phase === 'Failed' ? 'PodFailed' : 'PodCompleted';
  pod.readyReason = isFinal && reportsPodEnd ? endReason : 'ContainersNotReady';
  if (!isFinal || !isHeld) pod.phase = phase;
}

function create({ container, pod, newId }: CommandContext): void {
  const { state } = container;
  if (state.name === 'terminated') container.last = state.termination;
  // The previous container's end is read from the runtime: what the runtime has lost is no longer shown.
  else if (state.name === 'unknown') container.last = undefined;
  else if (container.containerId === '' && !pod.plan.restartsInPlace) container.last = undefined;
  container.attempt += 1;
  container.restartCount = container.attempt;
  container.containerId = `containerd://${newId().padStart(64, '0')}`;
  container.state = { name: 'created' };
}

function end(container: ModelContainer, ending: Ending, startedAt: number, finishedAt: number): void {
  const { attempt, containerId } = container;
  const termination = {
    ...ending,
    ordinal: attempt + 1,
    run: containerId,
    containerId,
    startedAt,
    finishedAt,
  };
  container.state = { name: 'terminated', termination };
}

function lose({ container, pod }: CommandContext): void {
  // The kubelet reports `ContainerStatusUnknown` only when it has no other termination to show.
  if (container.last === undefined) {
    const counted = pod.deletedAt === undefined ? 1 : 0;
    const ordinal = container.attempt + counted;
    container.last = {
      ...unknownEnd,
      run: container.containerId,
      reason: 'ContainerStatusUnknown',
      ordinal,
    };
    container.restartCount += counted;
  }
  container.containerId = '';
  container.state = { name: 'waiting', reason: 'ContainerCreating' };
}

/** A container that was lost and is not started again, as far as its status says that the Pod ends. */
function wasLostAtTheEnd(
  { deletedAt, phase, readyReason }: ModelPod,
  { containerId, last, state }: ModelContainer,
): boolean {
  const isEnding =
    deletedAt !== undefined ||
    ['Succeeded', 'Failed'].includes(phase) ||
    ['PodCompleted', 'PodFailed'].includes(readyReason);
  const isLost = containerId === '' && last?.reason === 'ContainerStatusUnknown';
  return isEnding && state.name === 'waiting' && isLost;
}

function canBeLost({ state }: ModelContainer, { plan }: ModelPod): boolean {
  return state.name === 'running' && !plan.restartsInPlace;
}

function hasRun({ state }: ModelContainer): boolean {
  return state.name === 'running' || state.name === 'terminated';
}

function shownBy(pod: ModelPod, container: ModelContainer): readonly ShownRestart[] {
  const { plan, uid } = pod;
  const { state, last, image } = container;
  const { name, kind } = container.plan;
  const seen = { plan, uid, container: name, kind, image, stateName: state.name };
  const shown: ShownRestart[] = [];
  if (last !== undefined) {
    const restartedAt = state.name === 'running' ? state.startedAt : undefined;
    const ordinal = wasLostAtTheEnd(pod, container) ? 0 : last.ordinal;
    shown.push({ ...seen, ...last, ordinal, restartedAt, isPresent: false });
  }
  // A restart in place shows every termination again, as another one: the present one is not reliable.
  if (state.name === 'terminated' && !plan.restartsInPlace && willStart(container, pod)) {
    shown.push({ ...seen, ...state.termination, restartedAt: undefined, isPresent: true });
  }
  return shown;
}
