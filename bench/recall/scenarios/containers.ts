import { imageName } from '../node/image.ts';

/** A container of a scenario. Its name says what it does, and is the same in every Pod. */
export interface ScenarioContainer {
  readonly name: string;
  /** The lines that it runs; `$n` is 1 when it runs for the first time in its Pod, then 2, and so on. */
  readonly script: string;
  /** The exit codes after which the kubelet starts it again. */
  readonly restartedAfter: readonly number[];
  /** Further fields of its spec. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

const failingProbe = {
  exec: { command: ['sh', '-c', 'test ! -e /tmp/unhealthy'] },
  periodSeconds: 1,
  failureThreshold: 2,
  timeoutSeconds: 5,
};

/** Process 1 gets no signal without a handler: an idle container waits for a child. */
const idle = 'sleep 100000 & wait';

/** Where the node's folder `control` is mounted. */
const control = '/control';

/** A container that finds this file when it starts does not end. */
export const quietFile = 'quiet';

/** The program of the containers that cannot be started, for as long as it is missing. */
export const startableFile = 'start';
const startable = `${control}/${startableFile}`;

export const containers = {
  crash: { name: 'crash', script: 'sleep 1; exit 1', restartedAfter: [1] },
  fast: { name: 'fast', script: 'exit 10', restartedAfter: [10] },
  clean: { name: 'clean', script: 'sleep 2; exit 0', restartedAfter: [0] },
  oom: {
    name: 'oom',
    script: 'sleep 1; exec tail /dev/zero',
    restartedAfter: [137],
    fields: { resources: { limits: { memory: '24Mi' } } },
  },
  segfault: { name: 'segfault', script: 'sleep 1; exit 139', restartedAfter: [139] },
  probeTerm: {
    name: 'probe-term',
    script: `trap 'exit 143' TERM; sleep 2; touch /tmp/unhealthy; ${idle}`,
    restartedAfter: [143],
    fields: { livenessProbe: failingProbe },
  },
  probeKill: {
    name: 'probe-kill',
    script: "trap '' TERM; sleep 2; touch /tmp/unhealthy; while :; do sleep 1; done",
    restartedAfter: [137],
    fields: { livenessProbe: failingProbe },
  },
  startError: {
    name: 'start-error',
    script: '',
    restartedAfter: [128],
    fields: { command: [startable] },
  },
  migrate: { name: 'migrate', script: 'sleep 1; [ $n -ge 3 ] || exit 4; exit 0', restartedAfter: [4] },
  initLoop: { name: 'init-loop', script: 'sleep 1; exit 5', restartedAfter: [5] },
  mesh: {
    name: 'mesh',
    script: 'sleep 3; exit 3',
    restartedAfter: [3],
    fields: { restartPolicy: 'Always' },
  },
  onFailure: { name: 'on-failure', script: 'sleep 1; [ $n -ge 5 ] || exit 6; exit 0', restartedAfter: [6] },
  ownAlways: {
    name: 'own-always',
    script: 'sleep 1; exit 11',
    restartedAfter: [11],
    fields: { restartPolicy: 'Always' },
  },
  rule: {
    name: 'rule',
    script: 'sleep 1; [ $n -ge 5 ] || exit 42; exit 1',
    restartedAfter: [42],
    fields: {
      restartPolicy: 'Never',
      restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
    },
  },
  web: { name: 'web', script: 'sleep 3; exit 2', restartedAfter: [2] },
  database: { name: 'database', script: 'sleep 2; exit 7', restartedAfter: [7] },
  jobRetry: { name: 'job-retry', script: 'sleep 1; exit 8', restartedAfter: [8] },
  killed: { name: 'killed', script: 'while :; do sleep 1; done', restartedAfter: [137] },
  idle: { name: 'idle', script: `trap 'exit 143' TERM; ${idle}`, restartedAfter: [] },
  ownNever: {
    name: 'own-never',
    script: 'sleep 1; exit 12',
    restartedAfter: [],
    fields: { restartPolicy: 'Never' },
  },
  jobNever: { name: 'job-never', script: 'sleep 1; exit 9', restartedAfter: [] },
  task: { name: 'task', script: 'sleep 4; exit 0', restartedAfter: [] },
  proxy: {
    name: 'proxy',
    script: `trap 'exit 0' TERM; ${idle}`,
    restartedAfter: [],
    fields: { restartPolicy: 'Always' },
  },
  proxyKilled: {
    name: 'proxy-killed',
    script: "trap '' TERM; while :; do sleep 1; done",
    restartedAfter: [],
    fields: { restartPolicy: 'Always' },
  },
  filler: {
    name: 'filler',
    script: `sleep 2; head -c 20971520 /dev/zero > /scratch/file; ${idle}`,
    restartedAfter: [],
    fields: { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] },
  },
} as const satisfies Readonly<Record<string, ScenarioContainer>>;

/** By the names of containers: the exit codes after which the kubelet starts one again. */
export const restartedAfter: ReadonlyMap<string, readonly number[]> = new Map(
  Object.values(containers).map((container) => [container.name, container.restartedAfter]),
);

/** A container's spec. It counts its runs in a volume that its Pod keeps. */
export function containerSpec({ name, script, fields = {} }: ScenarioContainer): object {
  const { volumeMounts = [], ...others }: Readonly<Record<string, unknown>> = fields;
  const count = `f=/runs/${name}; n=$(cat $f 2>/dev/null); n=$((n+1)); echo $n > $f`;
  const wait = `while [ -e ${control}/${quietFile} ]; do sleep 1; done`;
  return {
    name,
    image: imageName,
    imagePullPolicy: 'Never',
    command: ['sh', '-c', `${count}; ${wait}; ${script}`],
    volumeMounts: [
      { name: 'runs', mountPath: '/runs' },
      { name: 'control', mountPath: control, readOnly: true },
      ...(Array.isArray(volumeMounts) ? volumeMounts : []),
    ],
    ...others,
  };
}
