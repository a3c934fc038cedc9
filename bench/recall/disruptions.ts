import { setTimeout as delay } from 'node:timers/promises';
import { functionName, gatewayOf, watchOf } from './measured/paths.ts';
import { imageName } from './node/image.ts';
import type { Node } from './node/node.ts';
import type { Processes } from './processes.ts';
import { namespaces } from './scenarios/create-scenarios.ts';
import type { ContainerRuns } from './scoring/container-runs.ts';
import { until } from './until.ts';

/** What disruptions are applied to. */
export interface DisruptionContext {
  readonly node: Node;
  readonly containerRuns: ContainerRuns;
  readonly processes: Processes;
  readonly signal: AbortSignal;
}

/** What happens to the node while the scenarios run. */
export interface Disruption {
  /** Seconds from the start of the scenarios. */
  readonly at: number;
  readonly what: string;
  apply(context: DisruptionContext): Promise<void>;
}

/** Kills a process as a crash does, and starts it again some seconds later. */
function crash(name: string, downSeconds: number): Omit<Disruption, 'at'> {
  return {
    what: `${name} killed, down for ${downSeconds} s`,
    async apply({ processes, signal }) {
      await processes.stop(name, 'SIGKILL');
      await delay(downSeconds * 1000, undefined, { signal });
      processes.start(name);
    },
  };
}

export const kubeletCrash = crash('kubelet', 10);
export const apiServerCrash = crash('apiserver', 1);

/** Kills the API server again and again, some seconds after it has become ready each time. */
export function apiServerCrashes(count: number, readySeconds: number): Omit<Disruption, 'at'> {
  return {
    what: `the API server killed ${count} times, each time ${readySeconds} s after it was ready`,
    async apply(context) {
      const { signal, node } = context;
      for (let each = 0; each < count; each += 1) {
        await apiServerCrash.apply(context);
        await until(() => node.api.send('GET', '/readyz'), signal);
        await delay(readySeconds * 1000, undefined, { signal });
      }
    },
  };
}

export const functionCrash = crash(functionName, 2);
export const gatewayCrashes = [crash(gatewayOf.watch, 3), crash(gatewayOf.events, 3)];
export const watchCrashes = [crash(watchOf.watch, 1), crash(watchOf.events, 1)];

/** Kills the containers named `killed`, as the kernel or a person on the node does. */
export const containerKill: Omit<Disruption, 'at'> = {
  what: 'containers killed from outside',
  async apply({ node, containerRuns }) {
    const running = containerRuns.runs.filter(
      (run) => run.container === 'killed' && run.endedAt === undefined,
    );
    for (const { id } of running) await node.containerd.ctr('tasks', 'kill', '--signal', 'SIGKILL', id);
  },
};

/** Deletes Pods: some that a controller replaces, some in back-off, some that run. */
export const deletions: Omit<Disruption, 'at'> = {
  what: 'Pods deleted',
  async apply({ node: { api } }) {
    const { restarting, ending } = namespaces;
    const pods = `/api/v1/namespaces/${restarting}/pods`;
    await api.send('DELETE', `${pods}?labelSelector=${encodeURIComponent('app in (web, database)')}`);
    await api.send('DELETE', `${pods}/deleted-0`);
    const idle = `/api/v1/namespaces/${ending}/pods`;
    for (const name of ['deleted-0', 'deleted-1']) await api.send('DELETE', `${idle}/${name}`);
    const metadata = { name: 'evicted-by-api', namespace: ending };
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
    await api.send('POST', `${idle}/evicted-by-api/eviction`, eviction);
  },
};

const ephemeralContainer = {
  name: 'debugger',
  image: imageName,
  imagePullPolicy: 'Never',
  command: ['sh', '-c', 'sleep 1; exit 1'],
};

/** An ephemeral container that ends: the kubelet never starts it again. */
export const debugging: Omit<Disruption, 'at'> = {
  what: 'an ephemeral container added',
  async apply({ node: { api } }) {
    await api.send(
      'PATCH',
      `/api/v1/namespaces/${namespaces.restarting}/pods/killed-0/ephemeralcontainers`,
      { spec: { ephemeralContainers: [ephemeralContainer] } },
      'application/strategic-merge-patch+json',
    );
  },
};
