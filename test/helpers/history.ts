import type { CommandResult } from './command.ts';
import { startNode } from './node-program.ts';
import type { Environment } from './process.ts';

/** Four hours and a half after the last event of `examples/`. */
export const askedAt = '2026-11-20T18:30:00Z';

/** Runs `restart-ledger` with these parameters as if it were {@link askedAt}. */
export async function runAskedCommand(
  parameters: readonly string[],
  environment: Environment = {},
  program = 'lib/cli/main.ts',
): Promise<CommandResult> {
  await using command = startNode(['--import', './test/fixtures/fixed-clock.js', program, ...parameters], {
    environment: { NOW: askedAt, ...environment },
  });
  command.stdin.end();
  const { code, stdout, stderr } = await command.ended;
  return { code, stdout, stderr };
}
