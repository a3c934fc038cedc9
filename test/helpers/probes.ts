import { join } from 'node:path';
import { startNode } from './node-program.ts';

/** How a server's probes were answered while something else went on. */
export interface ProbeResults {
  readonly count: number;
  /** The statuses that came. */
  readonly statuses: readonly number[];
  /**
   * The most CPU time that the main thread of the server used from a probe to its answer, in milliseconds: how long the probe
   * waited for the server, whatever else ran on the machine.
   */
  readonly longestWait: number;
  /** The longest time to an answer, in milliseconds. */
  readonly slowest: number;
}

const program = join(import.meta.dirname, 'probe-process.ts');

/** What a server that is probed is to be started with. */
export const probed = ['--import', join(import.meta.dirname, 'answer-cpu-time.ts')];

/**
 * Asks for liveness and readiness, over and over, one request after the other, while `work` is done: in a process of its own,
 * so that what this one does delays no answer.
 */
export async function probeDuring<T>(
  server: { readonly url: string; readonly pid: number },
  work: () => Promise<T>,
): Promise<ProbeResults & { readonly result: T }> {
  const begun = Promise.withResolvers<void>();
  await using probes = startNode([program, server.url, String(server.pid)], {
    onLine: () => begun.resolve(),
  });
  const ended = probes.ended.then(({ code, stdout, stderr }) => {
    if (code !== 0) throw new Error(`the probes failed: ${stderr}`);
    return stdout;
  });
  await Promise.race([begun.promise, ended]);
  const result = await work();
  probes.stdin.end();
  const results: ProbeResults = JSON.parse((await ended).trimEnd().split('\n').at(-1) ?? '');
  return { ...results, result };
}
