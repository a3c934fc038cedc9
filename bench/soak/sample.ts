import { readdirSync, readFileSync } from 'node:fs';

/** The state of a process at one time. */
export interface Sample {
  /** Since the start of the load. */
  readonly seconds: number;
  /** In MB. */
  readonly resident: number;
  /** In MB. */
  readonly heapUsed: number;
  /** Buffers and the like, outside the heap, in MB. */
  readonly external: number;
  readonly descriptors: number;
  /** What keeps its event loop alive: sockets, timers, requests. */
  readonly handles: number;
  /** The 99th percentile of the delay of its event loop since the last sample, in milliseconds. */
  readonly lag: number;
}

/** What the process and its own metrics say now. */
export async function takeSample(pid: number, url: string, seconds: number): Promise<Sample> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const gauge = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  const handles = [...metrics.matchAll(/^nodejs_active_resources\{.*\} (\d+)$/gm)];
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    seconds,
    resident: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000,
    heapUsed: gauge('nodejs_heap_size_used_bytes') / 1e6,
    external: gauge('nodejs_external_memory_bytes') / 1e6,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    handles: handles.reduce((sum, [, count]) => sum + Number(count), 0),
    lag: gauge('nodejs_eventloop_lag_p99_seconds') * 1000,
  };
}
