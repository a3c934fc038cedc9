import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** How a server's probes were answered while something else went on. */
export interface ProbeResults {
  readonly count: number;
  /** The statuses that came. */
  readonly statuses: readonly (number | undefined)[];
  /** The longest time to an answer, in milliseconds. */
  readonly slowest: number;
}

/**
 * Asks for liveness and readiness, over and over, one request after the other, while `work` is done: in a thread of its own,
 * so that what this one does delays no answer.
 */
export async function probeDuring<T>(
  url: string,
  work: () => Promise<T>,
): Promise<ProbeResults & { readonly result: T }> {
  const worker = new Worker(new URL('./probe-worker.ts', import.meta.url), { workerData: url });
  try {
    await once(worker, 'message');
    const result = await work();
    worker.postMessage('end');
    const [results]: readonly ProbeResults[] = await once(worker, 'message');
    if (results === undefined) throw new Error('the probes have no results');
    return { ...results, result };
  } finally {
    await worker.terminate();
  }
}
