import {
  type ContainerKind,
  type Ending,
  type ModelContainer,
  type ModelPod,
  type ModelState,
  type PodPlan,
  podObject,
  type Termination,
} from './kubelet-report.ts';

/**
 * A small model of a kubelet and its container runtime: it runs Pods by commands and reports their status after
 * each one, by the rules of `convertToAPIContainerStatuses` and `startContainer` in
 * https://github.com/kubernetes/kubernetes/tree/master/pkg/kubelet (kubelet_pods.go, kuberuntime/).
 *
 * Beside the status it tells the truth about it. It knows the number of each restart from the attempt that has ended,
 * whatever the reported `restartCount` is by then.
 *
 * Left out: a dead container that the runtime loses during the back-off. The status is then the very one of a
 * container that was lost while it ran, and no reader can tell the two apart.
 */
export interface Kubelet {
  /** The containers that a command can be given to now. */
  targets(command: CommandName): readonly ModelContainer[];
  /** Waits, does the command, and gives the status that the Pod has then. */
  apply(command: Command, target: ModelContainer): Status;
}

export interface Command {
  readonly name: CommandName;
  /** How long nothing happens before, in milliseconds. */
  readonly wait: number;
  readonly ending: Ending;
  readonly waitingReason: string;
}

/** A Pod's status as the API server would show it, and what it says in truth. */
export interface Status {
  readonly pod: object;
  readonly shown: readonly ShownRestart[];
}

/** An end that a status shows: it led to a restart when its ordinal is 1 or more. */
export interface ShownRestart extends Termination {
  readonly plan: PodPlan;
  readonly uid: string;
  readonly container: string;
  readonly kind: ContainerKind;
  readonly image: string;
  /** When the next container has started, where this status tells it. */
  readonly restartedAt: number | undefined;
  readonly stateName: ModelState['name'];
}

interface Scene {
  readonly pod: { -readonly [field in keyof ModelPod]: ModelPod[field] };
  readonly container: ModelContainer;
  readonly command: Command;
  readonly now: number;
  newId(): string;
}

interface Rule {
  /** How long it takes at least, in milliseconds. */
  readonly takes?: number;
  applies(container: ModelContainer, pod: ModelPod): boolean;
  apply(scene: Scene): void;
}

const unknownEnd = { exitCode: 137, containerId: '', startedAt: undefined, finishedAt: undefined };

const rules = {
  create: {
    applies: startsAgain,
    apply: create,
  },
  run: {
    applies: (container, pod) => container.state.name === 'created' || startsAgain(container, pod),
    apply(scene) {
      if (scene.container.state.name !== 'created') create(scene);
      scene.container.state = { name: 'running', startedAt: scene.now };
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
    applies: startsAgain,
    apply({ container, command }) {
      if (container.state.name === 'terminated') container.last = container.state.termination;
      container.state = { name: 'waiting', reason: command.waitingReason };
    },
  },
  /** The runtime has neither the container any more nor the dead ones before it. */
  lose: {
    applies: canBeLost,
    apply: lose,
  },
  /** The node's logs are gone too, from which the kubelet would take the count. */
  'lose with logs': {
    takes: 1000,
    applies: (container, pod) =>
      pod.deletedAt === undefined && container.kind !== 'ephemeral' && canBeLost(container, pod),
    apply(scene) {
      lose(scene);
      scene.container.attempt = -1;
    },
  },
  'collect the dead': {
    applies: ({ last, state }, { plan }) =>
      last !== undefined && state.name !== 'waiting' && !plan.restartsInPlace,
    apply({ container }) {
      container.last = undefined;
    },
  },
  'restart all': {
    applies: (_container, { plan, deletedAt, containers }) =>
      plan.restartsInPlace && deletedAt === undefined && containers.every(hasRun),
    apply({ pod }) {
      for (const container of pod.containers) {
        const ordinal = container.attempt + 1;
        container.last = { ...unknownEnd, reason: 'RestartingAllContainers', ordinal };
        container.restartCount = ordinal;
        container.containerId = '';
        container.state = { name: 'waiting', reason: 'RestartingAllContainers' };
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
      if (pod === undefined) throw new Error(`${target.name} is gone`);
      const rule: Rule = rules[command.name];
      now += command.wait + (rule.takes ?? 0);
      rule.apply({ pod, container: target, command, now, newId });
      return { pod: podObject(pod), shown: pod.containers.flatMap((container) => shownBy(pod, container)) };
    },
  };
}

function newPod(plan: PodPlan, id: string, now: number): ModelPod {
  const containers = plan.containers.map(
    ({ name, kind }): ModelContainer => ({
      name,
      kind,
      image: `registry.example.com/${plan.namespace}/${name}:1.0.0`,
      attempt: -1,
      containerId: '',
      restartCount: 0,
      state: { name: 'waiting', reason: 'ContainerCreating' },
      last: undefined,
    }),
  );
  return { plan, uid: `8717cf78-3d0c-4c2e-a1de-${id}`, createdAt: now, deletedAt: undefined, containers };
}

function create({ container, pod, newId }: Scene): void {
  const { state } = container;
  if (state.name === 'terminated') container.last = state.termination;
  // The previous container's end is read from the runtime: what that has lost is not shown any more.
  else if (container.containerId === '' && !pod.plan.restartsInPlace) container.last = undefined;
  container.attempt += 1;
  container.restartCount = container.attempt;
  container.containerId = `containerd://${newId().padStart(64, '0')}`;
  container.state = { name: 'created' };
}

function end(container: ModelContainer, ending: Ending, startedAt: number, finishedAt: number): void {
  const { attempt, containerId } = container;
  const termination = { ...ending, ordinal: attempt + 1, containerId, startedAt, finishedAt };
  container.state = { name: 'terminated', termination };
}

function lose({ container, pod }: Scene): void {
  // The kubelet makes up an end only where it has none to show.
  if (container.last === undefined) {
    const counted = pod.deletedAt === undefined ? 1 : 0;
    const ordinal = container.attempt + counted;
    container.last = { ...unknownEnd, reason: 'ContainerStatusUnknown', ordinal };
    container.restartCount += counted;
  }
  container.containerId = '';
  container.state = { name: 'waiting', reason: 'ContainerCreating' };
}

function startsAgain({ kind, attempt, state }: ModelContainer, { deletedAt }: ModelPod): boolean {
  if (deletedAt !== undefined) return false;
  if (kind === 'ephemeral' && attempt >= 0) return false;
  if (state.name === 'terminated') return kind !== 'init' || state.termination.exitCode !== 0;
  return state.name === 'waiting';
}

function canBeLost({ state }: ModelContainer, { plan }: ModelPod): boolean {
  return state.name === 'running' && !plan.restartsInPlace;
}

function hasRun({ state }: ModelContainer): boolean {
  return state.name === 'running' || state.name === 'terminated';
}

function shownBy({ plan, uid }: ModelPod, container: ModelContainer): readonly ShownRestart[] {
  const { name, kind, image, state, last } = container;
  if (last === undefined) return [];
  const restartedAt = state.name === 'running' ? state.startedAt : undefined;
  return [{ ...last, plan, uid, container: name, kind, image, restartedAt, stateName: state.name }];
}
