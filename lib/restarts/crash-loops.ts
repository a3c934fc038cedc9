import { type Restart, restartTime } from './restart.ts';

/**
 * Two ends of a container that are further apart, in seconds, belong to no crash loop: the kubelet forgets a back-off
 * once a container has run for 10 minutes, and waits for at most 5 minutes before it starts one again.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
 */
const longestGap = 900;

/** Restarts of one container in a row that ended alike; at least one, the oldest first. */
export type CrashLoop = readonly [first: Restart, ...others: Restart[]];

/**
 * Crash loops out of restarts: those of one container that follow each other within {@link longestGap}, with the same
 * reason and exit code. One that follows no other is by itself.
 *
 * @param restarts The oldest first.
 * @returns In the order of their first restarts.
 */
export function foldCrashLoops(restarts: readonly Restart[]): readonly CrashLoop[] {
  const loops: [Restart, ...Restart[]][] = [];
  const open = new Map<string, [Restart, ...Restart[]]>();
  for (const restart of restarts) {
    const { namespace, pod, uid, container } = restart;
    const id = [namespace, pod, uid, container].join('/');
    const loop = open.get(id);
    if (loop !== undefined && continues(loop, restart)) loop.push(restart);
    else {
      const begun: [Restart, ...Restart[]] = [restart];
      open.set(id, begun);
      loops.push(begun);
    }
  }
  return loops;
}

function continues(loop: readonly Restart[], restart: Restart): boolean {
  const last = loop.at(-1);
  const [before, time] = [last && restartTime(last), restartTime(restart)];
  if (last === undefined || before === undefined || time === undefined) return false;
  return last.reason === restart.reason && last.exitCode === restart.exitCode && time - before <= longestGap;
}
