#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { processEnvironment } from '../config.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import type { ReplayOptions } from './replay-command.ts';
import type { ExitCode, Terminal } from './terminal.ts';

const terminal: Terminal = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
};

function program(end: (code: ExitCode) => void): Command {
  const command = new Command('restart-ledger')
    .description('Every container restart in a Kubernetes cluster, on the record.')
    .exitOverride();
  command
    .command('replay')
    .description('record the restarts that files of Pods, Pod lists, CloudEvents or watch lines show')
    .argument('<file...>', 'JSON or NDJSON files')
    .option('--pushgateway <url>', 'where to record them (default: PUSHGATEWAY_URL)')
    .option('--dry-run', 'show the restarts and record nothing')
    .addOption(new Option('-o, --output <form>', 'how --dry-run shows them').choices(['table', 'json']))
    .action(async (files: string[], options: ReplayOptions) => {
      const { replayCommand } = await import('./replay-command.ts');
      end(await replayCommand(files, options, processEnvironment(), terminal));
    });
  command
    .command('demo')
    .description('serve the function and an embedded gateway, send sample events, show the history')
    .option('--stay', 'keep serving until Ctrl-C')
    .action(async ({ stay = false }: { stay?: boolean }) => {
      const { demoCommand } = await import('./demo-command.ts');
      end(await demoCommand({ stay }, terminal));
    });
  return command;
}

function failureCode(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  terminal.err(`restart-ledger: ${reasonOf(error)}`);
  return error instanceof LedgerError && error.kind === 'usage' ? 2 : 1;
}

try {
  await program((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  process.exitCode = failureCode(error);
}
