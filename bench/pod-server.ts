import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../test/fixtures/pods.ts';
import { type Interception, startApiServer } from '../test/helpers/api-server.ts';
import { eventually } from '../test/helpers/eventually.ts';
import { watchLines } from './watch-lines.ts';

/** The double of the API server with generated Pods, for benchmarks: it updates them at a rate. */
export interface PodServer {
  /** A kubeconfig file that leads here. */
  kubeconfig(): string;
  /** Bytes of all Pods, and how many restarts they show. */
  readonly bytes: number;
  readonly restarts: number;
  /** Resolves once a watch is open. */
  watched(): Promise<void>;
  /** Makes updates at a rate for a number of seconds; returns how many of them showed a restart. */
  update(perSecond: number, seconds: number): Promise<{ readonly restarts: number }>;
  [Symbol.asyncDispose](): Promise<void>;
}

const stepsPerSecond = 20;

export async function startPodServer(count: number): Promise<PodServer> {
  const server = await startApiServer();
  const pods: string[] = [];
  for (const line of watchLines(Number.POSITIVE_INFINITY)) {
    const pod = line.slice(line.indexOf('"object":') + 9, -2);
    server.put(parsed(pod));
    if (pods.push(pod) === count) break;
  }
  server.intercept(answerDiscovery);
  // Its history would be sent to every new watch, and keeps all Pods in memory a second time.
  server.compact();
  const showsRestart = pods.map((pod) => pod.includes('"terminated"'));
  return {
    kubeconfig: () => server.kubeconfig(),
    bytes: pods.reduce((sum, pod) => sum + pod.length, 0),
    restarts: showsRestart.filter(Boolean).length,
    watched: () => eventually(() => assert.equal(server.watches, 1)),
    async update(perSecond, seconds) {
      let restarts = 0;
      const start = performance.now();
      for (let sent = 0; sent < perSecond * seconds; ) {
        for (let each = 0; each < perSecond / stepsPerSecond; each += 1, sent += 1) {
          const index = sent % pods.length;
          restarts += showsRestart[index] ? 1 : 0;
          server.put(parsed(pods[index] ?? ''));
        }
        server.compact();
        await delay(Math.max(0, start + (sent / perSecond) * 1000 - performance.now()));
      }
      return { restarts };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What kubectl asks for, to find out what `pods` are: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api */
const discovery: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list', 'watch'] },
    ],
  },
};

const answerDiscovery: Interception = ({ pathname }, response) => {
  const found = discovery[pathname];
  if (found === undefined) return false;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
  return true;
};

function parsed(pod: string): JsonObject {
  const object: JsonObject = JSON.parse(pod);
  return object;
}
