import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../test/helpers/free-port.ts';
import type { Processes } from '../processes.ts';
import { until } from '../until.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type Certificates, createCertificates, nodeName } from './certificates.ts';
import { makeCgroup, removeCgroup } from './cgroups.ts';
import { type Containerd, startContainerd } from './containerd.ts';
import { apiServerCommand, controllerManagerCommand, etcdCommand } from './control-plane.ts';
import { kubeletCommand } from './kubelet.ts';

/** The names of the node's processes, in the order in which they are stopped. */
export const nodeProcesses = ['kubelet', 'controller-manager', 'apiserver', 'etcd', 'containerd'] as const;

/** A cluster of one real node. */
export interface Node {
  readonly server: string;
  readonly api: ApiClient;
  readonly certificates: Certificates;
  readonly containerd: Containerd;
  readonly auditLog: string;
  /** Ends it with all its containers, and removes its mounts and cgroups. */
  stop(): Promise<void>;
}

export interface NodeSettings {
  readonly folder: string;
  readonly processes: Processes;
  readonly signal: AbortSignal;
  /** Seconds; see `KubeletSettings`. */
  readonly longestBackOff?: number;
}

/** Resolves when the node is ready for Pods. What was started is stopped again when it fails. */
export async function startNode({ folder, processes, signal, longestBackOff }: NodeSettings): Promise<Node> {
  const cgroup = `restart-ledger-recall-${process.pid}`;
  const keys = join(folder, 'certificates');
  mkdirSync(keys, { recursive: true });
  const certificates = createCertificates(keys);
  const auditLog = join(folder, 'audit.log');
  const etcd = { client: await freePort(), peer: await freePort() };
  const port = await freePort();
  const server = `https://127.0.0.1:${port}`;
  const kubeconfigOf = (certificate: string) => certificates.kubeconfig(certificate, server, { certificate });
  const api = createApiClient(server, certificates, signal);
  const made = [kubeletFolder, logLinks].filter((each) => !existsSync(each));
  let containerd: Containerd | undefined;

  async function stop(): Promise<void> {
    for (const name of nodeProcesses.filter((each) => each !== 'containerd')) await processes.stop(name);
    await containerd?.stop();
    removeLogLinks(folder);
    for (const each of made) rmSync(each, { recursive: true, force: true });
    removeCgroup(cgroup);
  }

  try {
    makeCgroup(cgroup);
    processes.start('etcd', etcdCommand(folder, etcd));
    processes.start('apiserver', apiServerCommand({ folder, port, etcd, certificates, auditLog }));
    containerd = await startContainerd(folder, processes, signal);
    await until(() => api.send('GET', '/readyz'), signal);
    const controllers = kubeconfigOf('controller-manager');
    processes.start(
      'controller-manager',
      controllerManagerCommand(controllers, await freePort(), certificates),
    );
    processes.start(
      'kubelet',
      kubeletCommand({
        folder,
        ports: { server: await freePort(), health: await freePort() },
        kubeconfig: kubeconfigOf('node'),
        authorities: certificates.path('ca.crt'),
        containerd: containerd.socket,
        cgroup,
        ...(longestBackOff !== undefined && { longestBackOff }),
      }),
    );
    await until(() => checkReady(api), signal);
    return { server, api, certificates, containerd, auditLog, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function checkReady(api: ApiClient): Promise<void> {
  const answer = JSON.stringify(await api.send('GET', `/api/v1/nodes/${nodeName}`));
  if (!answer.includes('"reason":"KubeletReady"')) throw new Error('the node is not ready');
}

/** Where a kubelet listens for device plugins, wherever its root is. */
const kubeletFolder = '/var/lib/kubelet';

/** A kubelet links each container's log here, wherever its logs are. */
const logLinks = '/var/log/containers';

function removeLogLinks(folder: string): void {
  if (!existsSync(logLinks)) return;
  for (const name of readdirSync(logLinks)) {
    const link = join(logLinks, name);
    if (lstatSync(link).isSymbolicLink() && readlinkSync(link).startsWith(folder)) rmSync(link);
  }
}
