import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

export interface Command {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Processes by name, each with its log in the folder. One of a name runs at a time. */
export interface Processes {
  /** Starts it, again where it has run before; its log is carried on. */
  start(name: string, command?: Command): void;
  /** Resolves when it has ended; at once when it does not run. */
  stop(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Kills whatever still runs. */
  stopAll(): Promise<void>;
  isRunning(name: string): boolean;
  /** Whether it has been stopped and not started again. */
  isStopped(name: string): boolean;
  /** How often it has ended without being stopped. */
  endedByItself(name: string): number;
}

/** How long a process may take to end after SIGTERM. */
const graceMilliseconds = 15_000;

export function createProcesses(folder: string): Processes {
  const commands = new Map<string, Command>();
  const running = new Map<string, ChildProcess>();
  const stopped = new Set<string>();
  const ends = new Map<string, number>();
  const logOf = (name: string) => join(folder, `${name}.log`);
  process.once('exit', () => {
    for (const child of running.values()) child.kill('SIGKILL');
  });

  async function stop(name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    stopped.add(name);
    const child = running.get(name);
    if (child === undefined) return;
    running.delete(name);
    const exited = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
    await exited;
    clearTimeout(timer);
  }

  return {
    start(name, command = commands.get(name)) {
      if (command === undefined) throw new Error(`${name} has never been started`);
      if (running.has(name)) throw new Error(`${name} runs`);
      commands.set(name, command);
      const log = openSync(logOf(name), 'a');
      const child = spawn(command.program, command.parameters, {
        env: { PATH: process.env['PATH'], ...command.environment },
        stdio: ['ignore', log, log],
        // Ctrl-C in a terminal reaches the whole process group: these are stopped in order instead.
        detached: true,
      });
      closeSync(log);
      running.set(name, child);
      stopped.delete(name);
      child.once('error', () => running.delete(name));
      child.once('exit', () => {
        if (running.delete(name)) ends.set(name, (ends.get(name) ?? 0) + 1);
      });
    },
    stop,
    async stopAll() {
      await Promise.all([...running.keys()].map((name) => stop(name, 'SIGKILL')));
    },
    isRunning: (name) => running.has(name),
    isStopped: (name) => stopped.has(name),
    endedByItself: (name) => ends.get(name) ?? 0,
  };
}
