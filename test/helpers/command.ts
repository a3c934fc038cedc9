import { startNode } from './node-program.ts';
import type { Environment, RunningProcess } from './process.ts';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line with nothing in its environment but `environment` and the PATH. */
export function startCommand(parameters: readonly string[], environment: Environment = {}): RunningProcess {
  return startNode(['lib/cli/main.ts', ...parameters], { environment });
}

/** Runs the command line to its end. `input` is its standard input. */
export async function runCommand(
  parameters: readonly string[],
  environment: Environment = {},
  input: string | Buffer = '',
): Promise<CommandResult> {
  await using command = startCommand(parameters, environment);
  command.stdin.end(input);
  const { code, stdout, stderr } = await command.ended;
  return { code, stdout, stderr };
}
