import { goDurationSeconds } from '../restarts/go-duration.ts';
import type { ContainerKind } from '../restarts/pod.ts';
import type { Restart } from '../restarts/restart.ts';
import { unixSeconds } from '../rfc3339.ts';

/** The text of a label; empty where the sample does not have it. */
export type ReadLabel = (name: string) => string;

/**
 * Reads restarts out of the samples of their families: the inverse of {@link file://./families.ts}.
 *
 * Texts that many records share are kept once.
 */
export interface RecordReader {
  /**
   * The restart that a sample describes, as far as its family does; `undefined` when it is of no such family, or lacks
   * a label of the grouping key. Labels that a scrape has renamed (`exported_pod`, without `honor_labels`) are read as well.
   */
  read(family: string, label: ReadLabel, value: number): Restart | undefined;
}

export function createRecordReader(): RecordReader {
  const shared = new Map<string, string>();
  const share = (text: string): string => {
    const known = shared.get(text);
    if (known === undefined) shared.set(text, text);
    return known ?? text;
  };

  return {
    read(family, label, value) {
      if (!readFamilies.has(family)) return undefined;
      const own = (name: string): string => label(`exported_${name}`) || label(name);
      const [, count, endedAt] = /^(\d{1,10})_(\d{1,12})$/.exec(label('restart_id')) ?? [];
      const [namespace, pod, container] = [own('namespace'), own('pod'), own('container')];
      if (count === undefined || namespace === '' || pod === '' || container === '') return undefined;
      const finishedAt = Number(endedAt) || undefined;
      const ran = goDurationSeconds(label('duration'));
      return {
        namespace: share(namespace),
        pod: share(pod),
        uid: share(label('uid')),
        container: share(container),
        containerKind: kindOf(label('container_type')),
        ordinal: Number(count),
        reason: share(label('reason')),
        exitCode: Number(label('exit_code')) || 0,
        startedAt:
          ran === undefined || finishedAt === undefined ? knownTime(label('started_at')) : finishedAt - ran,
        finishedAt,
        restartedAt: restartedAt(family, value, finishedAt),
        containerId: label('container_id'),
        node: share(label('node')),
        image: share(label('image')),
        ownerKind: share(label('owner_kind')),
        ownerName: share(label('owner_name')),
        workload: share(label('workload')),
        workloadType: share(label('workload_type')),
      };
    },
  };
}

/** The family that has nearly all of a restart. */
export const detailsFamily = 'pod_monitor_container_restart_details';

/** The family whose value is the time of a restart. */
export const eventsFamily = 'pod_monitor_container_restart_events';

const downtimeSum = 'pod_monitor_container_restart_time_sum';

const readFamilies: ReadonlySet<string> = new Set([
  detailsFamily,
  eventsFamily,
  downtimeSum,
  'pod_monitor_container_restart_info',
]);

/** The time at which the container ran again, where a value tells. */
function restartedAt(family: string, value: number, finishedAt: number | undefined): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (family === downtimeSum) return finishedAt === undefined ? undefined : finishedAt + Math.round(value);
  // Where the end is unknown, the family's value is the time of the next start.
  return family === eventsFamily && finishedAt === undefined ? Math.floor(value) : undefined;
}

function knownTime(text: string): number | undefined {
  const time = unixSeconds(text);
  return Number.isNaN(time) ? undefined : time;
}

const kinds: ReadonlySet<string> = new Set<ContainerKind>(['container', 'init', 'sidecar', 'ephemeral']);

function kindOf(text: string): ContainerKind {
  return isKind(text) ? text : 'container';
}

function isKind(text: string): text is ContainerKind {
  return kinds.has(text);
}

/** What two samples of one restart say together: what the first one does not know is taken from the second. */
export function combined(first: Restart, second: Restart): Restart {
  return {
    ...first,
    startedAt: first.startedAt ?? second.startedAt,
    restartedAt: first.restartedAt ?? second.restartedAt,
    reason: first.reason || second.reason,
    containerId: first.containerId || second.containerId,
    node: first.node || second.node,
    image: first.image || second.image,
    ownerKind: first.ownerKind || second.ownerKind,
    ownerName: first.ownerName || second.ownerName,
    workload: first.workload || second.workload,
    workloadType: first.workloadType || second.workloadType,
  };
}
