import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The command line as a process that goes on until it is ended. Disposing of it kills it. */
export interface CommandProcess {
  /** The lines of standard output and of standard error that have come by now; they grow. */
  readonly out: readonly string[];
  readonly err: readonly string[];
  kill(signal: NodeJS.Signals): void;
  /** The exit code, once it has ended. */
  readonly exited: Promise<number | null>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the command line with nothing in its environment but `environment` and the PATH. */
export function startCommand(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CommandProcess {
  const child = spawn(process.execPath, ['lib/cli/main.ts', ...parameters], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: exited, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const out: string[] = [];
  const err: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => out.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => err.push(line));
  return {
    out,
    err,
    exited,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      process.off('exit', killAtExit);
    },
  };
}
