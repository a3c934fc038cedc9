import { parentPort, workerData } from 'node:worker_threads';
import type { ProbeResults } from './probes.ts';
import { send } from './send.ts';

/** The thread of `probeDuring`: says when it has begun, and gives its results when it is told to end. */
const statuses = new Set<number | undefined>();
let [count, slowest, isOver] = [0, 0, false];
parentPort?.once('message', () => {
  isOver = true;
});

async function probe(): Promise<void> {
  const path = count % 2 === 0 ? 'liveness' : 'readiness';
  const start = performance.now();
  const { status } = await send(`${workerData}/health/${path}`, { method: 'GET' });
  slowest = Math.max(slowest, performance.now() - start);
  statuses.add(status);
  count += 1;
}

// The first one loads what is needed.
await probe();
[count, slowest] = [0, 0];
parentPort?.postMessage('begun');
while (!isOver || count < 2) await probe();
parentPort?.postMessage({ count, statuses: [...statuses], slowest } satisfies ProbeResults);
