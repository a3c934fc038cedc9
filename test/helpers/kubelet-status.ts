export type ContainerKind = 'container' | 'init' | 'sidecar' | 'ephemeral';

type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly labels?: Readonly<Record<string, string>>;
  /** What the owner's kind and name, and the labels, stand for. */
  readonly workload?: { readonly type: string; readonly name: string };
  readonly restartPolicy: RestartPolicy;
  readonly containers: readonly ContainerPlan[];
  /**
   * Whether an exit may restart all its containers in place. Its kubelet has the feature
   * RestartAllContainersOnContainerExits then, and so carries `lastState` on.
   */
  readonly restartsInPlace: boolean;
  /** Whether its kubelet reports the Pod's end by the reason of `Ready`, as since Kubernetes 1.22; `true` by default. */
  readonly reportsPodEnd?: boolean;
}

export interface ContainerPlan {
  readonly name: string;
  readonly kind: ContainerKind;
  /** Its own; by default the Pod's. */
  readonly restartPolicy?: RestartPolicy;
  /** Exit codes after which it restarts, whatever the policy. */
  readonly restartsOn?: readonly number[];
  /** Exit codes after which the policy decides; after all others it restarts. */
  readonly restartsOnAllBut?: readonly number[];
}

/** A Pod as its kubelet knows it. All times of the model are Unix milliseconds. */
export interface ModelPod {
  readonly plan: PodPlan;
  readonly uid: string;
  readonly createdAt: number;
  readonly deletedAt: number | undefined;
  readonly isEvicted: boolean;
  /** As it is reported. */
  readonly phase: Phase;
  /** Of the condition `Ready`. */
  readonly readyReason: string;
  readonly containers: readonly ModelContainer[];
}

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export interface ModelContainer {
  readonly plan: ContainerPlan;
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
  /** The runtime does not know the container's status: the kubelet sets `ContainerStatusUnknown`. */
  | { readonly name: 'unknown'; readonly termination: Termination }
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
  /** The run of the container that has ended, whether or not a status shows it. */
  readonly run: string;
  readonly containerId: string;
  /** 0 when the container never ran. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

/** The Pod as the API server shows it, with the status that its kubelet reports. */
export function podObject(pod: ModelPod): object {
  const { plan, uid, createdAt, deletedAt, containers, phase, readyReason } = pod;
  const of = (...kinds: ContainerKind[]) => containers.filter(({ plan: { kind } }) => kinds.includes(kind));
  const spec = (container: ModelContainer, index: number) =>
    containerSpec(container, plan.restartsInPlace && index === 0);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      uid,
      creationTimestamp: apiTime(createdAt),
      ...(deletedAt !== undefined && { deletionTimestamp: apiTime(deletedAt) }),
      labels: { app: plan.name, ...plan.labels },
      ...(plan.owner && { ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...plan.owner }] }),
    },
    spec: {
      nodeName: plan.node,
      restartPolicy: plan.restartPolicy,
      initContainers: of('init', 'sidecar').map((container) => containerSpec(container, false)),
      containers: of('container').map(spec),
      ephemeralContainers: of('ephemeral').map((container) => containerSpec(container, false)),
    },
    status: {
      phase,
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: 'False', ...(readyReason !== '' && { reason: readyReason }) },
      ],
      hostIP: '10.0.0.2',
      initContainerStatuses: of('init', 'sidecar').map(containerStatus),
      containerStatuses: of('container').map(containerStatus),
      ephemeralContainerStatuses: of('ephemeral').map(containerStatus),
    },
  };
}

function containerSpec({ plan, image }: ModelContainer, restartsAll: boolean): object {
  const { name, kind, restartPolicy, restartsOn, restartsOnAllBut } = plan;
  const rules = [
    ...(restartsAll ? [restartRule('RestartAllContainers', 'In', [88])] : []),
    ...(restartsOn ? [restartRule('Restart', 'In', restartsOn)] : []),
    ...(restartsOnAllBut ? [restartRule('Restart', 'NotIn', restartsOnAllBut)] : []),
  ];
  return {
    name,
    image,
    env: [{ name: 'TOKEN', value: 'which must not be kept' }],
    ...(kind === 'sidecar' && { restartPolicy: 'Always' }),
    ...(restartPolicy !== undefined && { restartPolicy }),
    ...(rules.length > 0 && { restartPolicyRules: rules }),
  };
}

function restartRule(action: string, operator: string, values: readonly number[]): object {
  return { action, exitCodes: { operator, values } };
}

function containerStatus({ plan, image, containerId, restartCount, state, last }: ModelContainer): object {
  return {
    name: plan.name,
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
    case 'unknown':
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
      message: 'the last log lines, which must not be kept',
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
