import { createHash } from 'node:crypto';
import type { Restart } from '../../lib/restarts/restart.ts';

export interface GeneratedHistory {
  readonly restarts: number;
  /** The time of the last one, in Unix seconds. */
  readonly until: number;
  /** How long a time they are spread over. */
  readonly seconds: number;
}

const namespaces = ['shop', 'reports', 'orders', 'data', 'web', 'search', 'mail', 'kube-system'] as const;
const ends = [
  ['OOMKilled', 137],
  ['Error', 1],
  ['Error', 143],
  ['Completed', 0],
  ['ContainerStatusUnknown', 137],
] as const;

/** Restarts of 200 workloads, most of them in crash loops of five, evenly over a time; the oldest first. The same at every call. */
export function generatedHistory({ restarts, until, seconds }: GeneratedHistory): readonly Restart[] {
  return Array.from({ length: restarts }, (_, index): Restart => {
    const loop = Math.floor(index / 5);
    const workload = `service-${loop % 200}`;
    const hash = hex(`${workload} ${Math.floor(loop / 2000)}`, 9);
    const [reason, exitCode] = ends[loop % ends.length] ?? ['Error', 1];
    const started = until - seconds + Math.floor((loop * 5 * seconds) / restarts);
    const finishedAt = started + (index % 5) * 40;
    return {
      namespace: namespaces[loop % namespaces.length] ?? 'shop',
      pod: `${workload}-${hash}-${hex(`pod ${loop % 600}`, 5)}`,
      uid: uuid(`${workload} ${loop % 600} ${Math.floor(loop / 2000)}`),
      container: workload,
      containerKind: 'container',
      ordinal: (index % 5) + 1 + 5 * Math.floor(loop / 600),
      reason,
      exitCode,
      startedAt: finishedAt - 7 - (loop % 90),
      finishedAt,
      restartedAt: finishedAt + 20,
      containerId: `containerd://${hex(`container ${index}`, 64)}`,
      node: `worker-${loop % 50}`,
      image: `registry.example.com/team-${loop % 20}/${workload}:${Math.floor(loop / 2000)}.${loop % 7}.0`,
      ownerKind: 'ReplicaSet',
      ownerName: `${workload}-${hash}`,
      workload,
      workloadType: 'deployment',
    };
  });
}

function hex(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function uuid(text: string): string {
  const digits = hex(text, 32);
  return [0, 8, 12, 16, 20].map((from, index) => digits.slice(from, [8, 12, 16, 20, 32][index])).join('-');
}
