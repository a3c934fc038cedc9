import fc from 'fast-check';
import { type Command, type CommandName, createKubelet, type Status } from './kubelet-model.ts';
import type { Ending, PodPlan } from './kubelet-status.ts';

/** What happens to some Pods. */
export interface History {
  readonly plans: readonly PodPlan[];
  readonly commands: readonly (Command & { readonly target: number })[];
}

/** What happens to some Pods, and which of their statuses reach which replica of the function, in which order. */
export interface Scenario extends History {
  readonly deliveries: readonly Delivery[];
  readonly replicas: number;
  /** How many deliveries are under way at the same time. */
  readonly concurrency: number;
}

/** `status` and `replica` count round and round: any number names one. */
export interface Delivery {
  readonly status: number;
  readonly replica: number;
  readonly change: 'add' | 'update' | 'delete';
  /** Whether another process takes the replica's place afterwards. */
  readonly replaced: boolean;
}

/** The statuses that are reported, one for each of the commands that could be given and led to a report. */
export function reportedStatuses({ plans, commands }: History): readonly Status[] {
  const kubelet = createKubelet(plans, Date.parse('2026-11-20T10:00:00.250Z'));
  return commands.flatMap((command) => {
    const targets = kubelet.targets(command.name);
    const target = targets[command.target % targets.length];
    return target === undefined ? [] : (kubelet.apply(command, target) ?? []);
  });
}

const anyPlans: readonly PodPlan[] = [
  {
    namespace: 'shop',
    name: 'web-0',
    node: 'worker-1',
    owner: { kind: 'StatefulSet', name: 'web' },
    workload: { type: 'statefulset', name: 'web' },
    restartPolicy: 'Always',
    containers: [
      { name: 'migrate', kind: 'init' },
      { name: 'proxy', kind: 'sidecar' },
      { name: 'app', kind: 'container' },
    ],
    restartsInPlace: false,
  },
  {
    namespace: 'shop',
    name: 'queue-7d4b9c6f5-x2x9k',
    node: 'worker-2',
    owner: { kind: 'ReplicaSet', name: 'queue-7d4b9c6f5' },
    labels: { 'pod-template-hash': '7d4b9c6f5' },
    workload: { type: 'deployment', name: 'queue' },
    restartPolicy: 'Always',
    containers: [
      { name: 'app', kind: 'container' },
      { name: 'helper', kind: 'container' },
    ],
    restartsInPlace: true,
  },
  {
    namespace: 'default',
    name: 'web-0',
    node: '',
    restartPolicy: 'Always',
    containers: [
      { name: 'app', kind: 'container' },
      { name: 'debugger', kind: 'ephemeral' },
    ],
    restartsInPlace: false,
  },
  {
    namespace: 'batch',
    name: 'report-x2x9k',
    node: 'worker-1',
    owner: { kind: 'Job', name: 'report' },
    workload: { type: 'job', name: 'report' },
    restartPolicy: 'OnFailure',
    containers: [
      { name: 'proxy', kind: 'sidecar' },
      { name: 'logs', kind: 'sidecar' },
      { name: 'report', kind: 'container' },
      { name: 'upload', kind: 'container', restartPolicy: 'Never', restartsOnAllBut: [0, 1, 143] },
    ],
    restartsInPlace: false,
  },
  {
    namespace: 'batch',
    name: 'train-0-7hz4p',
    node: 'worker-2',
    owner: { kind: 'Job', name: 'train-0' },
    labels: { 'pod-template-hash': '0-7hz4p' },
    workload: { type: 'job', name: 'train-0' },
    restartPolicy: 'Never',
    containers: [
      { name: 'metrics', kind: 'sidecar' },
      { name: 'logs', kind: 'sidecar' },
      { name: 'stage', kind: 'init', restartPolicy: 'Never', restartsOn: [2, 137] },
      { name: 'train', kind: 'container', restartPolicy: 'Never', restartsOn: [2, 137] },
    ],
    restartsInPlace: false,
    reportsPodEnd: false,
  },
];

const weights: readonly (readonly [CommandName, weight: number])[] = [
  ['run', 30],
  ['end', 30],
  ['back off', 20],
  ['create', 5],
  ['fail to run', 5],
  ['lose', 12],
  ['lose with logs', 8],
  ['lose status', 2],
  ['garbage-collect', 3],
  ['restart all', 5],
  ['delete the Pod', 8],
  ['create the Pod again', 12],
  ['evict', 1],
];

const endings: readonly [Ending, ...Ending[]] = [
  { exitCode: 137, reason: 'OOMKilled' },
  { exitCode: 137, signal: 9, reason: 'Error' },
  { exitCode: 1, reason: 'Error' },
  { exitCode: -1, reason: 'ContainerCannotRun' },
  { exitCode: 0, reason: 'Completed' },
  { exitCode: 0, reason: 'Completed' },
  { exitCode: 0, reason: '' },
  { exitCode: 2, reason: '' },
  { exitCode: 143, signal: 15, reason: '' },
];

const names = weights.flatMap(([name, weight]) => Array.from({ length: weight }, () => name));
const waitingReasons = ['CrashLoopBackOff', 'ImagePullBackOff', 'CreateContainerConfigError'] as const;

/** A command out of one number, which is much faster than out of an arbitrary for each of its fields. */
const command = fc.nat(2 ** 50).map((number) => {
  let rest = number;
  const below = (count: number): number => {
    const digit = rest % count;
    rest = Math.floor(rest / count);
    return digit;
  };
  return {
    name: names[below(names.length)] ?? 'run',
    target: below(21),
    wait: below(2) === 0 ? below(1500) : below(600) * 1000,
    ending: endings[below(endings.length)] ?? endings[0],
    waitingReason: waitingReasons[below(waitingReasons.length)] ?? waitingReasons[0],
    isReported: below(3) > 0,
    holdsPhase: below(2) === 0,
  };
});

const delivery = fc.record({
  status: fc.nat(200),
  replica: fc.nat(3),
  change: fc.constantFrom('add', 'update', 'delete'),
  replaced: fc.oneof(
    { arbitrary: fc.constant(false), weight: 5 },
    { arbitrary: fc.constant(true), weight: 1 },
  ),
});

const history = {
  plans: fc.subarray([...anyPlans], { minLength: 1, maxLength: 3 }),
  commands: fc.array(command, { minLength: 30, maxLength: 90 }),
};

/** Any history. */
export const anyHistory: fc.Arbitrary<History> = fc.record(history);

/** Any scenario: statuses may be delivered twice, late, to several replicas at once, or never. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  ...history,
  deliveries: fc.array(delivery, { minLength: 10, maxLength: 40 }),
  replicas: fc.integer({ min: 1, max: 4 }),
  concurrency: fc.integer({ min: 1, max: 8 }),
});
