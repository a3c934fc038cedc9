import type { Restart } from '../../restarts/restart.ts';

/** Says that a restart is not written where each has its own time: it has none. */
export function leftOut({ namespace, pod, container, ordinal }: Restart): string {
  return `left out: ${namespace}/${pod} ${container} #${ordinal}: the time of its restart is unknown`;
}
