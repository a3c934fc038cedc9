import { setTimeout as delay } from 'node:timers/promises';
import type { DisruptionContext } from './disruptions.ts';
import { watchOf } from './measured/paths.ts';
import { nodeProcesses } from './node/node.ts';
import type { Phase } from './phases.ts';
import type { Processes } from './processes.ts';

/**
 * Applies the disruptions of a phase at their times. None is applied after this settles.
 *
 * @returns how many seconds it took.
 */
export async function disrupt(
  { seconds, disruptions }: Phase,
  context: DisruptionContext,
  report: (line: string) => void,
): Promise<number> {
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const start = performance.now();
  const applied = disruptions.map(async (disruption) => {
    await delay(disruption.at * 1000, undefined, { signal });
    report(`  ${disruption.at} s: ${disruption.what}`);
    await disruption.apply({ ...context, signal });
  });
  const end = delay(seconds * 1000, undefined, { signal });
  const supervision = supervise(context.processes, signal, report);
  try {
    await Promise.race([Promise.all([end, ...applied]), supervision]);
    return Math.round((performance.now() - start) / 1000);
  } finally {
    ending.abort();
    await Promise.allSettled([end, supervision, ...applied]);
  }
}

/** Starts a watch again that has ended by itself, as a Deployment does. @throws Error when a part of the node has. */
async function supervise(
  processes: Processes,
  signal: AbortSignal,
  report: (line: string) => void,
): Promise<never> {
  for (;;) {
    await delay(1000, undefined, { signal });
    for (const name of nodeProcesses) {
      if (processes.endedByItself(name) > 0)
        throw new Error(`${name} has ended by itself: --keep leaves its log`);
    }
    for (const name of Object.values(watchOf)) {
      if (processes.isRunning(name) || processes.isStopped(name)) continue;
      report(`  ${name} has ended by itself, and is started again`);
      processes.start(name);
    }
  }
}
