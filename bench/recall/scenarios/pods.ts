import { nodeName } from '../node/certificates.ts';
import { containerSpec, containers, type ScenarioContainer } from './containers.ts';

export interface PodScenario {
  readonly containers: readonly ScenarioContainer[];
  readonly init?: readonly ScenarioContainer[];
  /** Further fields of the Pod's spec. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An object to be created, and the path that takes it. */
export interface Manifest {
  readonly path: string;
  readonly body: object;
}

/** Where the node keeps the folder that all Pods see. */
export interface Place {
  readonly namespace: string;
  readonly controlFolder: string;
}

function podSpec({ containers, init = [], fields = {} }: PodScenario, { controlFolder }: Place): object {
  const { volumes = [], ...others }: Readonly<Record<string, unknown>> = fields;
  return {
    nodeName,
    hostNetwork: true,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 2,
    containers: containers.map(containerSpec),
    initContainers: init.map(containerSpec),
    volumes: [
      { name: 'runs', emptyDir: {} },
      { name: 'control', hostPath: { path: controlFolder } },
      ...(Array.isArray(volumes) ? volumes : []),
    ],
    ...others,
  };
}

function pod(name: string, scenario: PodScenario, place: Place): Manifest {
  return {
    path: `/api/v1/namespaces/${place.namespace}/pods`,
    body: { metadata: { name }, spec: podSpec(scenario, place) },
  };
}

/** Scenarios by name. The number of a name's copies decides how many restarts there are. */
const restarting: Readonly<Record<string, PodScenario>> = {
  crash: { containers: [containers.crash] },
  fast: { containers: [containers.fast, containers.crash] },
  clean: { containers: [containers.clean] },
  oom: { containers: [containers.oom] },
  segfault: { containers: [containers.segfault] },
  'probe-term': { containers: [containers.probeTerm] },
  'probe-kill': { containers: [containers.probeKill] },
  'start-error': { containers: [containers.startError] },
  migrate: { containers: [containers.crash], init: [containers.migrate] },
  'init-loop': { containers: [containers.idle], init: [containers.initLoop] },
  mesh: { containers: [containers.idle], init: [containers.mesh] },
  'on-failure': { containers: [containers.onFailure], fields: { restartPolicy: 'OnFailure' } },
  'own-always': { containers: [containers.ownAlways], fields: { restartPolicy: 'Never' } },
  rule: { containers: [containers.rule], fields: { restartPolicy: 'Never' } },
  killed: { containers: [containers.killed] },
  deleted: { containers: [containers.crash] },
};

export type Scenario = keyof typeof restarting;

/** So many Pods of each scenario; their names are the scenario's with a number. */
export function restartingPods(
  copies: Readonly<Record<Scenario, number>>,
  place: Place,
): readonly Manifest[] {
  return Object.entries(copies).flatMap(([name, count]) => {
    const scenario = restarting[name];
    if (scenario === undefined) throw new RangeError(`there is no scenario ${name}`);
    return Array.from({ length: count }, (_, index) => pod(`${name}-${index}`, scenario, place));
  });
}

/** A Deployment, a StatefulSet and a Job whose containers are started again. */
export function restartingWorkloads(place: Place): readonly Manifest[] {
  const apps = `/apis/apps/v1/namespaces/${place.namespace}`;
  return [
    { path: `${apps}/deployments`, body: workload('web', containers.web, place, { replicas: 2 }) },
    {
      path: `${apps}/statefulsets`,
      body: workload('database', containers.database, place, { replicas: 1, serviceName: 'database' }),
    },
    job('retry', { containers: [containers.jobRetry], fields: { restartPolicy: 'OnFailure' } }, 4, place),
  ];
}

/** Pods that end without a restart: any record of them is wrong. */
export function endingPods(place: Place): readonly Manifest[] {
  const never = { restartPolicy: 'Never' };
  const scratch = { volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '5Mi' } }] };
  return [
    job('fails', { containers: [containers.jobNever], fields: never }, 3, place),
    pod('own-never', { containers: [containers.ownNever, containers.idle] }, place),
    pod('deadline', { containers: [containers.idle], fields: { activeDeadlineSeconds: 15 } }, place),
    pod('evicted', { containers: [containers.filler], fields: scratch }, place),
    ...[containers.proxy, containers.proxyKilled].flatMap((sidecar) => [
      pod(`${sidecar.name}-never`, { containers: [containers.task], init: [sidecar], fields: never }, place),
      pod(
        `${sidecar.name}-on-failure`,
        { containers: [containers.task], init: [sidecar], fields: { restartPolicy: 'OnFailure' } },
        place,
      ),
    ]),
    ...['deleted-0', 'deleted-1', 'evicted-by-api'].map((name) =>
      pod(name, { containers: [containers.idle], init: [containers.proxyKilled] }, place),
    ),
  ];
}

function workload(name: string, container: ScenarioContainer, place: Place, fields: object): object {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec({ containers: [container] }, place) };
  return { metadata: { name }, spec: { ...fields, selector: { matchLabels: labels }, template } };
}

function job(name: string, scenario: PodScenario, backoffLimit: number, place: Place): Manifest {
  return {
    path: `/apis/batch/v1/namespaces/${place.namespace}/jobs`,
    body: { metadata: { name }, spec: { backoffLimit, template: { spec: podSpec(scenario, place) } } },
  };
}
