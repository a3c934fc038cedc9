import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';

export type Environment = Readonly<Record<string, string>>;

/** The outcome of a process that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A child process. It and its own children are killed when it is disposed of, and at the end of this process. */
export interface RunningProcess {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  /** What it has written by now. */
  stdout(): string;
  stderr(): string;
  /** Whether it has exited; what it wrote last may not have been read yet. */
  readonly hasExited: boolean;
  /** Sends the signal to the process, not to its children. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and everything that it wrote has been read. Rejects when it cannot be started. */
  readonly ended: Promise<Ended>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ProcessOptions {
  /** All of its environment but the PATH and the time zone, which is UTC where it does not say another. */
  readonly environment?: Environment;
  /** `ignore`: goes to /dev/null, so that reading it costs nothing. Read and kept when left out. */
  readonly stdout?: 'ignore';
  /** Called with each line of standard output, in order. */
  readonly onLine?: (line: string) => void;
}

/** Starts a program in a process group of its own. */
export function startProgram(
  program: string,
  parameters: readonly string[],
  { environment, stdout, onLine = () => {} }: ProcessOptions = {},
): RunningProcess {
  const child = spawn(program, parameters, {
    env: { TZ: 'UTC', PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
    detached: true,
  });
  const { pid, stdin } = child;
  if (stdin === null) throw new TypeError('the program has no standard input');
  // It may end before it has read all.
  stdin.on('error', () => {});
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', onLine);

  const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>();
  if (pid !== undefined) killAtOurEnd(pid);
  child.once('error', reject);
  child.once('close', (code, signal) => {
    if (pid !== undefined) groups.delete(pid);
    resolve({ code, signal, ...written });
  });
  return {
    pid,
    stdin,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    get hasExited() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    kill: (signal) => child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      if (pid !== undefined) killGroup(pid);
      await ended;
    },
  };
}

/** Runs a program to its end. `input` is its standard input. */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  { input = '', ...options }: ProcessOptions & { readonly input?: string | Buffer } = {},
): Promise<Ended> {
  await using started = startProgram(program, parameters, options);
  started.stdin.end(input);
  return await started.ended;
}

/** The process groups that are to end with this process, by the number of the child that leads them. */
const groups = new Set<number>();

function killAtOurEnd(group: number): void {
  if (process.listenerCount('exit', killGroups) === 0) {
    process.on('exit', killGroups);
    // Without a listener these end the process without its exit listeners.
    process.once('SIGHUP', () => process.exit(129));
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
  }
  groups.add(group);
}

function killGroups(): void {
  for (const group of groups) killGroup(group);
}

function killGroup(group: number): void {
  // Once it has ended, its number may be another group's.
  if (!groups.has(group)) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended just now.
  }
}
