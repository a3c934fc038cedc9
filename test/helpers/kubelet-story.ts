import fc from 'fast-check';
import { type Command, type CommandName, createKubelet, type Status } from './kubelet-model.ts';
import type { Ending, PodPlan } from './kubelet-report.ts';

/** What happens to some Pods, and which of their statuses reach which replica of the function, in which order. */
export interface Story {
  readonly plans: readonly PodPlan[];
  readonly commands: readonly (Command & { readonly target: number })[];
  readonly deliveries: readonly Delivery[];
  readonly replicas: number;
  /** How many deliveries are under way at the same time. */
  readonly atOnce: number;
}

/** `status` and `replica` count round and round: any number names one. */
export interface Delivery {
  readonly status: number;
  readonly replica: number;
  readonly change: 'add' | 'update' | 'delete';
  /** Whether another process takes the replica's place afterwards. */
  readonly replaced: boolean;
}

/** The statuses of a story, one for each of its commands that could be given. */
export function play({ plans, commands }: Story): readonly Status[] {
  const kubelet = createKubelet(plans, Date.parse('2026-11-20T10:00:00.250Z'));
  return commands.flatMap((command) => {
    const targets = kubelet.targets(command.name);
    const target = targets[command.target % targets.length];
    return target === undefined ? [] : [kubelet.apply(command, target)];
  });
}

const anyPlans: readonly PodPlan[] = [
  {
    namespace: 'shop',
    name: 'web-0',
    node: 'worker-1',
    owner: { kind: 'StatefulSet', name: 'web' },
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
    containers: [
      { name: 'app', kind: 'container' },
      { name: 'debugger', kind: 'ephemeral' },
    ],
    restartsInPlace: false,
  },
];

const weights: readonly (readonly [CommandName, weight: number])[] = [
  ['run', 30],
  ['end', 30],
  ['back off', 20],
  ['create', 5],
  ['fail to run', 5],
  ['lose', 9],
  ['lose with logs', 8],
  ['collect the dead', 3],
  ['restart all', 5],
  ['delete the Pod', 6],
  ['create the Pod again', 12],
];

const endings: readonly Ending[] = [
  { exitCode: 137, reason: 'OOMKilled' },
  { exitCode: 137, signal: 9, reason: 'Error' },
  { exitCode: 1, reason: 'Error' },
  { exitCode: -1, reason: 'ContainerCannotRun' },
  { exitCode: 0, reason: 'Completed' },
  { exitCode: 2, reason: '' },
  { exitCode: 143, signal: 15, reason: '' },
];

const command = fc.record({
  name: fc.oneof(...weights.map(([name, weight]) => ({ arbitrary: fc.constant(name), weight }))),
  target: fc.nat(20),
  wait: fc.oneof(
    fc.nat(1500),
    fc.nat(600).map((seconds) => seconds * 1000),
  ),
  ending: fc.constantFrom(...endings),
  waitingReason: fc.constantFrom('CrashLoopBackOff', 'ImagePullBackOff', 'CreateContainerConfigError'),
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

/** Any story: statuses may be delivered twice, late, to several replicas at once, or never. */
export const anyStory: fc.Arbitrary<Story> = fc.record({
  plans: fc.subarray([...anyPlans], { minLength: 1 }),
  commands: fc.array(command, { minLength: 30, maxLength: 90 }),
  deliveries: fc.array(delivery, { minLength: 10, maxLength: 40 }),
  replicas: fc.integer({ min: 1, max: 4 }),
  atOnce: fc.integer({ min: 1, max: 8 }),
});
