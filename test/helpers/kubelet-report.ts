export type ContainerKind = 'container' | 'init' | 'sidecar' | 'ephemeral';

export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly containers: readonly { readonly name: string; readonly kind: ContainerKind }[];
  /** Whether its kubelet has the feature RestartAllContainersOnContainerExits, and so carries `lastState` on. */
  readonly restartsInPlace: boolean;
}

/** A Pod as its kubelet knows it. All times of the model are Unix milliseconds. */
export interface ModelPod {
  readonly plan: PodPlan;
  readonly uid: string;
  readonly createdAt: number;
  readonly deletedAt: number | undefined;
  readonly containers: readonly ModelContainer[];
}

export interface ModelContainer {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly image: string;
  /** Of the newest container, as its log file has it; -1 before the first, and when the logs are lost. */
  attempt: number;
  /** Empty when the runtime has no container. */
  containerId: string;
  /** As it is reported. */
  restartCount: number;
  state: ModelState;
  last: Termination | undefined;
}

export type ModelState =
  | { readonly name: 'waiting'; readonly reason: string }
  | { readonly name: 'created' }
  | { readonly name: 'running'; readonly startedAt: number }
  | { readonly name: 'terminated'; readonly termination: Termination };

/** How a container ended. */
export interface Ending {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: string;
}

export interface Termination extends Ending {
  /** The number of the restart that this end leads to. */
  readonly ordinal: number;
  readonly containerId: string;
  /** 0 when the container never ran. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

/** The Pod as the API server shows it, with the status that its kubelet reports. */
export function podObject({ plan, uid, createdAt, deletedAt, containers }: ModelPod): object {
  const of = (...kinds: ContainerKind[]) => containers.filter(({ kind }) => kinds.includes(kind));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      uid,
      creationTimestamp: apiTime(createdAt),
      ...(deletedAt !== undefined && { deletionTimestamp: apiTime(deletedAt) }),
      ...(plan.owner && { ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...plan.owner }] }),
    },
    spec: {
      nodeName: plan.node,
      restartPolicy: 'Always',
      initContainers: of('init', 'sidecar').map(containerSpec),
      containers: of('container').map(containerSpec),
      ephemeralContainers: of('ephemeral').map(containerSpec),
    },
    status: {
      phase: containers.some(({ state }) => state.name === 'running') ? 'Running' : 'Pending',
      hostIP: '10.0.0.2',
      initContainerStatuses: of('init', 'sidecar').map(containerStatus),
      containerStatuses: of('container').map(containerStatus),
      ephemeralContainerStatuses: of('ephemeral').map(containerStatus),
    },
  };
}

function containerSpec({ name, kind, image }: ModelContainer): object {
  return { name, image, ...(kind === 'sidecar' && { restartPolicy: 'Always' }) };
}

function containerStatus({ name, image, containerId, restartCount, state, last }: ModelContainer): object {
  return {
    name,
    image,
    imageID: '',
    ...(containerId !== '' && { containerID: containerId }),
    restartCount,
    ready: state.name === 'running',
    started: state.name === 'running',
    state: stateObject(state),
    lastState: last === undefined ? {} : terminatedObject(last),
  };
}

function stateObject(state: ModelState): object {
  switch (state.name) {
    case 'waiting':
      return { waiting: { reason: state.reason } };
    case 'created':
      return { waiting: {} };
    case 'running':
      return { running: { startedAt: apiTime(state.startedAt) } };
    case 'terminated':
      return terminatedObject(state.termination);
  }
}

function terminatedObject({
  exitCode,
  signal,
  reason,
  startedAt,
  finishedAt,
  containerId,
}: Termination): object {
  return {
    terminated: {
      exitCode,
      ...(signal !== undefined && { signal }),
      ...(reason !== '' && { reason }),
      message: 'last words, which nobody may keep',
      startedAt: apiTime(startedAt),
      finishedAt: apiTime(finishedAt),
      ...(containerId !== '' && { containerID: containerId }),
    },
  };
}

/** As `metav1.Time` writes it: in whole seconds, the fraction cut. */
function apiTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
