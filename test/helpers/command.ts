import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as a process of its own, which is killed with the test process at the latest. */
export interface RunningCommand {
  readonly stdin: Writable;
  /** What it has written by now. */
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and everything that it wrote has been read. */
  readonly ended: Promise<CommandResult>;
  /** Kills it where it still runs. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the command line with nothing in its environment but `environment` and the PATH. */
export function startCommand(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, ['lib/cli/main.ts', ...parameters], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const { promise: ended, resolve } = Promise.withResolvers<CommandResult>();
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // It may end before it has read all.
  child.stdin.on('error', () => {});
  child.once('close', (code) => {
    process.off('exit', killAtExit);
    resolve({ code, stdout, stderr });
  });
  return {
    stdin: child.stdin,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs the command line to its end. `input` is its standard input. */
export async function runCommand(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input: string | Buffer = '',
): Promise<CommandResult> {
  const command = startCommand(parameters, environment);
  command.stdin.end(input);
  return await command.ended;
}
