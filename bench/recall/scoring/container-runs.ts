import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { pathOf } from '../programs.ts';

const execute = promisify(execFile);

/** One container as containerd saw it: a restart of a container makes another one. */
export interface Run {
  /** containerd's, without `containerd://`. */
  readonly id: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  /** Unix seconds with fractions, as all times here. */
  readonly createdAt: number;
  startedAt?: number;
  /** Absent while it runs, and for one that could not be started. */
  endedAt?: number;
  exitCode?: number;
  outOfMemory: boolean;
}

/** The container runs of a node, by containerd's events. */
export interface ContainerRuns {
  /** All containers of Pods in the order of their creation; it grows. */
  readonly runs: readonly Run[];
  /** Stops following. @throws Error when the events had ended before. */
  close(): Promise<void>;
}

const line = /^(\S+ \S+ \S+ \S+) k8s\.io (\/\S+) (\{.*\})$/;

/** Follows containerd's events from now on. */
export function followContainerd(socket: string): ContainerRuns {
  const connected = ['--address', socket, '--namespace', 'k8s.io'];
  const child = spawn(pathOf('ctr'), [...connected, 'events'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const runs: Run[] = [];
  const byId = new Map<string, Run>();
  let isClosing = false;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  process.once('exit', () => child.kill('SIGKILL'));

  async function created(id: string, when: string): Promise<void> {
    const { stdout } = await execute(pathOf('ctr'), [...connected, 'containers', 'info', id]);
    const { Labels: labels = {} }: { Labels?: Readonly<Record<string, string>> } = JSON.parse(stdout);
    if (labels['io.cri-containerd.kind'] !== 'container') return;
    const run: Run = {
      id,
      namespace: labels['io.kubernetes.pod.namespace'] ?? '',
      pod: labels['io.kubernetes.pod.name'] ?? '',
      uid: labels['io.kubernetes.pod.uid'] ?? '',
      container: labels['io.kubernetes.container.name'] ?? '',
      createdAt: secondsOf(when),
      outOfMemory: false,
    };
    runs.push(run);
    byId.set(id, run);
  }

  async function take(written: string): Promise<void> {
    const [, when = '', topic, json = ''] = line.exec(written) ?? [];
    if (topic === undefined) return;
    const event: Readonly<Record<string, unknown>> = JSON.parse(json);
    const id = String(event['container_id'] ?? event['id']);
    if (topic === '/containers/create') return await created(id, when);
    const run = byId.get(id);
    if (run === undefined) return;
    if (topic === '/tasks/start') run.startedAt = secondsOf(when);
    if (topic === '/tasks/oom') run.outOfMemory = true;
    // A process that a probe has started in the container ends under an ID of its own.
    if (topic !== '/tasks/exit' || (event['id'] ?? id) !== id) return;
    // After a failed start, for example when the kubelet was killed meanwhile, it is of the clean-up.
    if (run.startedAt === undefined) return;
    run.exitCode = Number(event['exit_status'] ?? 0);
    run.endedAt = secondsOf(String(event['exited_at'] ?? when));
  }

  async function follow(): Promise<void> {
    for await (const written of createInterface({ input: child.stdout })) await take(written);
    if (!isClosing) throw new Error('the events of containerd ended while the node ran');
  }
  const following = follow();
  following.catch(() => {});

  return {
    runs,
    async close() {
      isClosing = true;
      child.kill('SIGKILL');
      await ended;
      await following;
    },
  };
}

/** Of `2026-11-24T02:37:05.123456789Z` or `2026-11-24 02:37:05.123456789 +0000 UTC`. */
function secondsOf(time: string): number {
  const [, day, clock, fraction = ''] = /^(\S{10})[T ](\d\d:\d\d:\d\d)(\.\d+)?/.exec(time) ?? [];
  return Date.parse(`${day}T${clock}Z`) / 1000 + Number(`0${fraction}`);
}
