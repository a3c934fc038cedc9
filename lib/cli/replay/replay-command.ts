import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { anyHttpUrl, duration } from '../../config/setting-forms.ts';
import { type Config, type Environment, readConfig, withoutCluster } from '../../config.ts';
import { LedgerError, reasonOf } from '../../errors.ts';
import { expandPath, type FoundFile } from '../../files/expand-paths.ts';
import { fileChunks } from '../../files/file-chunks.ts';
import { type Refusal, replay, unreadable } from '../../ledger/replay/replay.ts';
import { createSelection, type SelectionOptions } from '../../ledger/replay/selection.ts';
import type { Sink } from '../../ledger/sinks/sink.ts';
import { createPatience } from '../../retry.ts';
import { createProgress } from '../output/progress.ts';
import { requireGateway } from '../require-gateway.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import type { ShownForm } from './show-sink.ts';
import { summary } from './summary.ts';

export interface ReplayOptions extends SelectionOptions {
  readonly pushgateway?: string;
  readonly to?: string;
  readonly openmetrics?: string;
  readonly dryRun?: boolean;
  readonly output?: ShownForm;
  readonly rejects?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly retryFor: string;
}

/** The command `restart-ledger replay`: takes the restarts that files show to where the options say. */
export async function replayCommand(
  paths: readonly string[],
  options: ReplayOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const now = () => performance.now();
  const selection = createSelection(options, Date.now() / 1000);
  const limit = parseRetryFor(options.retryFor);
  const sink = await createSink(options, environment, terminal);
  const rejects = options.rejects === undefined ? undefined : await createRejects(options.rejects);
  const ending = new AbortController();
  const end = () => ending.abort();
  const failed: Refusal[] = [];

  function onRefused(refusal: Refusal): void {
    terminal.err(`refused ${refusal.where}: ${refusal.failure.message}`);
    if (refusal.text !== undefined && refusal.text !== failed.at(-1)?.text)
      rejects?.write(`${refusal.text}\n`);
    failed.push(refusal);
    if (options.strict) end();
  }

  const files = await findFiles(paths, onRefused);
  const sizes = files.map(({ size }) => size);
  const total = sizes.every((size) => size !== undefined)
    ? sizes.reduce((sum, size) => sum + size, 0)
    : undefined;
  const progress = createProgress({ stream: process.stderr, quiet: options.quiet ?? false, total, now });
  process.once('SIGINT', end).once('SIGTERM', end);
  const counts = await replay(files, {
    chunksOf: (path, onBytes) => fileChunks(path, { onBytes, signal: ending.signal }),
    selection,
    sink,
    withPatience: createPatience({
      limit,
      now,
      sleep: (milliseconds) => delay(milliseconds, undefined, { signal: ending.signal }).catch(() => {}),
      isEnding: () => ending.signal.aborted,
      onAway: (failure) => terminal.err(`waiting, for up to ${options.retryFor}: ${failure.message}`),
    }),
    isEnding: () => ending.signal.aborted,
    onRefused,
    onProgress: progress.advance,
  });
  progress.end();
  process.off('SIGINT', end).off('SIGTERM', end);
  await sink.end();
  rejects?.end();
  if (rejects) await finished(rejects);
  const dataOnOutput = options.output === 'json' || options.output === 'csv';
  const line = summary({ ...counts, refused: failed.map(({ where }) => where) }, sink.taken);
  if (dataOnOutput) terminal.err(line);
  else terminal.out(line);
  return failed.length > 0 || counts.interrupted ? 1 : 0;
}

async function findFiles(
  paths: readonly string[],
  onRefused: (refusal: Refusal) => void,
): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  for (const path of paths) {
    try {
      const found = await expandPath(path);
      if (found.length === 0) throw new Error('there is no file');
      files.push(...found);
    } catch (error) {
      onRefused({ where: path, failure: unreadable(path, error), text: undefined });
    }
  }
  return files;
}

/** Each kind of sink is loaded only where it is used: looking at a file must not cost a client of anything. */
async function createSink(
  options: ReplayOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<Sink> {
  const { dryRun, to, openmetrics, pushgateway, output } = options;
  const chosen = [dryRun, to, openmetrics, pushgateway].filter((option) => option !== undefined);
  if (chosen.length > 1)
    throw usage('--dry-run, --to, --openmetrics, --pushgateway', 'only one can be', 'choose one');
  if (output !== undefined && !dryRun) {
    const fact = 'it says how --dry-run shows the restarts, and --dry-run is not given';
    throw usage('--output', fact, 'add --dry-run, or leave --output out');
  }
  if (dryRun) {
    const { createShowSink } = await import('./show-sink.ts');
    return createShowSink(output ?? 'table', terminal.out);
  }
  const given = pushgateway === undefined ? {} : { PUSHGATEWAY_URL: pushgateway };
  const config = readConfig({ ...withoutCluster(environment), ...given });
  if (to !== undefined) return await eventSink(to, config);
  if (openmetrics !== undefined) {
    const { createOpenMetricsSink } = await import('../../ledger/sinks/openmetrics-sink.ts');
    return createOpenMetricsSink(openmetrics, config, terminal.err);
  }
  const { createPushSink } = await import('../../ledger/sinks/pushgateway-sink.ts');
  return createPushSink(config, requireGateway(config));
}

async function eventSink(to: string, config: Config): Promise<Sink> {
  const url = anyHttpUrl(to);
  if (url === undefined) {
    // It may hold a password, and so is not shown.
    throw usage('--to', 'it is no http or https URL', 'give the receiver’s URL');
  }
  const { createEventSink } = await import('../../ledger/sinks/event-sink.ts');
  return createEventSink(url, config);
}

function parseRetryFor(text: string): number {
  const milliseconds = duration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw usage(
    '--retry-for',
    `${JSON.stringify(text)} is no time`,
    'give one such as 30s or 2m; 0s for no retry',
  );
}

/** Opened at once: a file that cannot be written must not come up when the work is done. */
async function createRejects(path: string): Promise<Writable> {
  try {
    return (await open(path, 'w')).createWriteStream();
  } catch (error) {
    throw usage('--rejects', reasonOf(error), 'name a file that can be written');
  }
}

function usage(option: string, fact: string, remedy: string): LedgerError {
  return new LedgerError('usage', { operation: 'reading', subject: `the option ${option}`, fact, remedy });
}
