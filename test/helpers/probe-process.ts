import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { ProbeResults } from './probes.ts';

/** The process of `probeDuring`: writes a line when it has begun, and its results when its standard input ends. */
const [url = '', pid] = process.argv.slice(2);
const { hostname: host, port } = new URL(url);
const statuses = new Set<number>();
let [count, longestWait, slowest, isOver] = [0, 0, 0, false];

/** What the main thread of the server has used so far, in milliseconds: https://docs.kernel.org/scheduler/sched-stats.html */
function cpuTime(): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** On a connection of its own, as the kubelet. */
async function probe(): Promise<void> {
  const path = count % 2 === 0 ? 'liveness' : 'readiness';
  const [start, startCpu] = [performance.now(), cpuTime()];
  const socket = connect({ host, port: Number(port) });
  socket.write(`GET /health/${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const [answer]: readonly unknown[] = await once(socket, 'data');
  slowest = Math.max(slowest, performance.now() - start);
  const [, status, answered] = /^HTTP\/1.1 (\d+).*\r\ncpu-time: (\S+)/s.exec(String(answer)) ?? [];
  longestWait = Math.max(longestWait, Number(answered) - startCpu);
  statuses.add(Number(status));
  count += 1;
  await once(socket, 'close');
}

// The first one loads what is needed.
await probe();
[count, longestWait, slowest] = [0, 0, 0];
process.stdin.resume().once('end', () => {
  isOver = true;
});
process.stdout.write('begun\n');
while (!isOver || count < 2) await probe();
const results: ProbeResults = { count, statuses: [...statuses], longestWait, slowest };
process.stdout.write(`${JSON.stringify(results)}\n`);
