import { readFile } from 'node:fs/promises';
import { type Environment, readConfig } from '../config.ts';
import { LedgerError } from '../errors.ts';
import { createPushgateway } from '../gateway/pushgateway.ts';
import { createRecordRestarts, type RecordRestarts } from '../record-restarts.ts';
import { restartsOf } from '../restarts/restart.ts';
import { createFunctionMetrics } from '../telemetry/function-metrics.ts';
import { historyRow, historyTable } from './history-table.ts';
import { type ReplayResult, replay } from './replay.ts';
import { restartJson } from './restart-json.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export interface ReplayOptions {
  readonly pushgateway?: string;
  readonly dryRun?: boolean;
  readonly output?: 'table' | 'json';
}

/** The command `restart-ledger replay`: reads files and records or shows what they hold. */
export async function replayCommand(
  files: readonly string[],
  options: ReplayOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.output !== undefined && !options.dryRun) throw outputWithoutDryRun();
  const sink = options.dryRun ? showing : recording(options.pushgateway, environment);
  const result = await replay(files, {
    readText: (file) => readFile(file, 'utf8'),
    record: sink.record,
    onRefused: (where, failure) => terminal.err(`refused ${where}: ${failure.message}`),
  });
  await sink.close();
  if (options.output === 'json') {
    for (const restart of result.restarts) terminal.out(restartJson(restart));
    terminal.err(summary(result, 'with a restart'));
  } else {
    if (options.dryRun && result.restarts.length > 0) {
      terminal.out(historyTable(result.restarts.map(historyRow)));
    }
    terminal.out(summary(result, options.dryRun ? 'with a restart' : 'recorded'));
  }
  return result.refused.length > 0 ? 1 : 0;
}

interface Sink {
  readonly record: RecordRestarts;
  close(): Promise<void>;
}

const showing: Sink = { record: async (pod) => restartsOf(pod), close: async () => {} };

function recording(pushgateway: string | undefined, environment: Environment): Sink {
  const given = pushgateway === undefined ? {} : { PUSHGATEWAY_URL: pushgateway };
  const config = readConfig({ ...environment, ...given });
  const { url, timeoutMilliseconds, connections } = config.pushgateway;
  if (url === undefined) throw noPushgateway();
  const gateway = createPushgateway({ url, timeoutMilliseconds, connections });
  const record = createRecordRestarts({
    gateway,
    families: config.families,
    grouping: config.grouping,
    metrics: createFunctionMetrics(),
    now: () => performance.now() / 1000,
  });
  return { record, close: () => gateway.close() };
}

const shownPlaces = 5;

function summary(result: ReplayResult, withRestart: string): string {
  const { read, restarts, withoutRestart, ofOtherKind, refused } = result;
  const places = refused.slice(0, shownPlaces).join(', ');
  const more = refused.length > shownPlaces ? ', …' : '';
  return [
    `${counted(read, 'record')} read: ${result.withRestart} ${withRestart} (${counted(restarts.length, 'restart')})`,
    `${withoutRestart} without a restart`,
    `${ofOtherKind} of another kind`,
    `${refused.length} refused${refused.length > 0 ? ` (${places}${more})` : ''}`,
  ].join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function noPushgateway(): LedgerError {
  return new LedgerError('usage', {
    operation: 'replaying into',
    subject: 'a Pushgateway',
    fact: 'none is named',
    remedy: 'give --pushgateway URL, set PUSHGATEWAY_URL, or look first with --dry-run',
  });
}

function outputWithoutDryRun(): LedgerError {
  return new LedgerError('usage', {
    operation: 'reading',
    subject: 'the option --output',
    fact: 'it says how --dry-run shows the restarts, and --dry-run is not given',
    remedy: 'add --dry-run, or leave --output out',
  });
}
