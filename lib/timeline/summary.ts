import { reasonKind } from './reason-kind.ts';
import { groupName, type ShownRestart } from './timeline-data.ts';

/** `12 restarts of 4 containers in 3 workloads, 2 out of memory` */
export function summaryOf(restarts: readonly ShownRestart[]): string {
  const containers = new Set(restarts.map(({ lane }) => lane)).size;
  const workloads = new Set(restarts.map(({ lane }) => groupName(lane))).size;
  const outOfMemory = restarts.filter(({ reason }) => reasonKind(reason) === 'memory').length;
  const all = `${counted(restarts.length, 'restart')} of ${counted(containers, 'container')} in ${counted(workloads, 'workload')}`;
  return outOfMemory === 0 ? all : `${all}, ${outOfMemory.toLocaleString('en-GB')} out of memory`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}
