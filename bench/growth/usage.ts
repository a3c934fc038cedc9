import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a process has used since its start. */
export interface Usage {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** Resident memory now. */
  readonly megabytes: number;
}

/** Ticks a second in `/proc`, on every Linux that Node.js runs on. */
const ticks = 100;

/** Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function usageOf(pid: number | undefined): Usage {
  // After the name in parentheses, which may hold spaces: utime and stime are fields 14 and 15 of all.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticks,
    megabytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000,
  };
}

/** CPU seconds that a process uses while `work` is done. */
export async function cpuSecondsOf(pid: number | undefined, work: () => Promise<void>): Promise<number> {
  const before = usageOf(pid).cpuSeconds;
  await work();
  return usageOf(pid).cpuSeconds - before;
}

/** Bytes of all files below a folder whose path matches. */
export function bytesBelow(folder: string, matching = /./): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => matching.test(path))
    .map((path) => statSync(join(folder, path)))
    .filter((entry) => entry.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}
