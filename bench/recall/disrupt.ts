import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './disruptions.ts';
import { watchOf } from './measured/paths.ts';
import { nodeProcesses } from './node/node.ts';
import type { Phase } from './phases.ts';
import type { Processes } from './processes.ts';

/**
 * Lets the disruptions of a phase happen at their times. None happens any more when this settles.
 *
 * @returns how many seconds it took.
 */
export async function disrupt(
  { seconds, disruptions }: Phase,
  stage: Stage,
  report: (line: string) => void,
): Promise<number> {
  const ending = new AbortController();
  const signal = AbortSignal.any([stage.signal, ending.signal]);
  const start = performance.now();
  const happening = disruptions.map(async (disruption) => {
    await delay(disruption.at * 1000, undefined, { signal });
    report(`  ${disruption.at} s: ${disruption.what}`);
    await disruption.happen({ ...stage, signal });
  });
  const end = delay(seconds * 1000, undefined, { signal });
  const supervision = supervise(stage.processes, signal, report);
  try {
    await Promise.race([Promise.all([end, ...happening]), supervision]);
    return Math.round((performance.now() - start) / 1000);
  } finally {
    ending.abort();
    await Promise.allSettled([end, supervision, ...happening]);
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
