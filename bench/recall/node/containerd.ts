import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Processes } from '../processes.ts';
import { pathOf } from '../programs.ts';
import { until } from '../until.ts';
import { imageName, writeImage } from './image.ts';

const execute = promisify(execFile);

/** A containerd of its own, with the socket, the images and the containers in one folder. */
export interface Containerd {
  readonly socket: string;
  /** What `ctr` prints. */
  ctr(...parameters: string[]): Promise<string>;
  /** Ends every container, then containerd itself. */
  stop(): Promise<void>;
}

export async function startContainerd(
  folder: string,
  processes: Processes,
  signal: AbortSignal,
): Promise<Containerd> {
  const socket = join(folder, 'containerd.sock');
  const network = join(folder, 'cni');
  const image = join(folder, 'image');
  mkdirSync(network, { recursive: true });
  mkdirSync(image, { recursive: true });
  // All Pods are in the host's network, so there is nothing to set up and nothing to clean up.
  const plugins = [{ type: 'loopback' }];
  writeFileSync(
    join(network, 'host.conflist'),
    JSON.stringify({ cniVersion: '0.4.0', name: 'host', plugins }),
  );
  const configuration = join(folder, 'containerd.toml');
  writeFileSync(configuration, configurationOf(folder, socket, network));
  processes.start('containerd', { program: pathOf('containerd'), parameters: ['--config', configuration] });

  const connected = ['--address', socket, '--namespace', 'k8s.io'];
  const ctr = async (...parameters: string[]) =>
    (await execute(pathOf('ctr'), [...connected, ...parameters], { maxBuffer: 2 ** 26 })).stdout;
  await until(() => ctr('version'), signal, 20);
  await ctr('images', 'import', writeImage(image));

  return {
    socket,
    ctr,
    async stop() {
      if (processes.isRunning('containerd')) await endContainers(ctr);
      await processes.stop('containerd');
      for (const pid of shimsOf(socket)) process.kill(pid, 'SIGKILL');
      unmountBelow(folder);
    },
  };
}

/** `restrict_oom_score_adj`, since a machine may lack CAP_SYS_RESOURCE. */
function configurationOf(folder: string, socket: string, network: string): string {
  const plugins = ['/opt/cni/bin', '/usr/lib/cni'].find((place) => existsSync(join(place, 'loopback')));
  return `version = 2
root = "${folder}/containerd"
state = "${folder}/containerd-state"
[grpc]
  address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageName}"
  disable_apparmor = true
  enable_selinux = false
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${plugins ?? '/usr/lib/cni'}"
    conf_dir = "${network}"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`;
}

async function endContainers(ctr: Containerd['ctr']): Promise<void> {
  const tasks = (await ctr('tasks', 'list', '--quiet')).split('\n').filter(Boolean);
  for (const task of tasks) await ctr('tasks', 'kill', '--signal', 'SIGKILL', task).catch(() => {});
  for (const task of tasks) await ctr('tasks', 'delete', '--force', task).catch(() => {});
}

/** The processes between containerd and its containers; they survive it. */
function shimsOf(socket: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return command.includes('containerd-shim') && command.includes(socket);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function unmountBelow(folder: string): void {
  const places = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of places.sort().reverse()) execFileSync('umount', ['--lazy', place]);
}
