import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../../config.ts';
import { parseDuration } from '../../duration.ts';
import { LedgerError, reasonOf } from '../../errors.ts';
import { fileRecords } from '../../files/file-records.ts';
import type { InputFile } from '../../files/input-file.ts';
import { type FileReplacement, replaceFile } from '../../files/replace-file.ts';
import { inputAt } from '../../files/same-file.ts';
import { findFiles } from '../../ledger/replay/find-files.ts';
import { type Refusal, replay } from '../../ledger/replay/replay.ts';
import { createSelection, type SelectionOptions } from '../../ledger/replay/selection.ts';
import { localZone } from '../../local-zone.ts';
import { optionError } from '../../option-error.ts';
import type { PodObservation } from '../../restarts/pod-observation.ts';
import { createOutageRetry } from '../../retry.ts';
import { takeSignals } from '../../signals.ts';
import { createProgress } from '../output/progress.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { openReplaySink, type ReplaySinkOptions } from './open-replay-sink.ts';
import { createRefusalReport } from './refusals.ts';
import { summary } from './summary.ts';

export interface ReplayOptions extends SelectionOptions, ReplaySinkOptions {
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
  const nowMilliseconds = () => performance.now();
  const nowSeconds = () => Date.now() / 1000;
  const selection = createSelection(options, { nowSeconds: nowSeconds(), zone: localZone });
  const limitMilliseconds = parseRetryFor(options.retryFor);
  const sink = await openReplaySink(options, environment, terminal);
  using signals = takeSignals();
  const ending = new AbortController();
  const signal = AbortSignal.any([signals.signal, ending.signal]);
  const report = createRefusalReport(terminal.err);
  const failed: Refusal[] = [];

  function onRefused(refusal: Refusal): void {
    report.add(refusal);
    failed.push(refusal);
    if (options.strict) ending.abort();
  }

  /** Ends the replay where a retry or another record would be refused too. */
  async function take(observation: PodObservation): Promise<void> {
    try {
      await sink.take(observation);
    } catch (failure) {
      if (failure instanceof LedgerError && isMisdirected(failure)) ending.abort();
      throw failure;
    }
  }

  const files = await findFiles(paths, onRefused);
  refuseInputsAsOutputs(options, files);
  await using rejects = options.rejects === undefined ? undefined : await openRejects(options.rejects);
  const progress = createProgress({
    stream: process.stderr,
    quiet: options.quiet ?? false,
    total: totalSize(files),
    nowMilliseconds,
  });
  const counts = await replay(files, {
    recordsOf: (file, onBytes) => fileRecords(file, { onBytes, signal }),
    selection,
    sink: { take },
    retryThroughOutage: createOutageRetry({
      limitMilliseconds,
      nowMilliseconds,
      sleep: (milliseconds) => delay(milliseconds, undefined, { signal }).catch(() => {}),
      random: Math.random,
      isEnding: () => signal.aborted,
      onUnavailable(failure) {
        if (!signal.aborted) terminal.err(`retrying for up to ${options.retryFor}: ${failure.message}`);
      },
      onAvailable: (milliseconds) =>
        terminal.err(`available again after ${Math.round(milliseconds / 1000)}s`),
    }),
    retention: { seconds: sink.retentionSeconds },
    nowSeconds,
    isEnding: () => signal.aborted,
    onRefused(refusal) {
      // One record may be refused for several of the objects in it.
      const isRepeated = refusal.text === failed.at(-1)?.text;
      if (refusal.text !== undefined && !isRepeated) rejects?.stream.write(`${refusal.text}\n`);
      onRefused(refusal);
    },
    onProgress: progress.advance,
  });
  progress.end();
  report.end();
  await sink.close();
  await rejects?.commit();
  if (counts.expired > 0) terminal.err(pastRetention(counts.expired));
  const line = summary({ ...counts, refused: failed.map(({ where }) => where) }, sink.taken);
  if (options.output === 'json' || options.output === 'csv') terminal.err(line);
  else terminal.out(line);
  return failed.length > 0 || counts.interrupted ? 1 : 0;
}

/** Whether the receiver or the credentials are wrong: another kind of server, a redirect, 401, 403, 404, 405. */
function isMisdirected({ kind, status = 0 }: LedgerError): boolean {
  return kind === 'usage' || (status >= 300 && status < 400) || [401, 403, 404, 405].includes(status);
}

function pastRetention(count: number): string {
  const ways =
    '--openmetrics FILE backfills them into Prometheus, --import URL into VictoriaMetrics, RETENTION=0 records them here';
  return `skipped ${count} with restarts older than RETENTION, which the next sweep would delete: ${ways}`;
}

function totalSize(files: readonly InputFile[]): number | undefined {
  let total = 0;
  for (const { size } of files) {
    if (size === undefined) return undefined;
    total += size;
  }
  return total;
}

function parseRetryFor(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  const fact = `${JSON.stringify(text)} is not a duration`;
  throw optionError('--retry-for', fact, 'give one such as 30s or 2m; 0s for no retry');
}

/** Opened before the work, so that a file that cannot be written ends the command early. */
async function openRejects(path: string): Promise<FileReplacement> {
  try {
    return await replaceFile(path);
  } catch (error) {
    throw optionError('--rejects', reasonOf(error), 'name a file that can be written');
  }
}

/** An input, which may be the only copy, must not be overwritten. */
function refuseInputsAsOutputs({ rejects, openmetrics }: ReplayOptions, files: readonly InputFile[]): void {
  for (const [option, path] of Object.entries({ '--rejects': rejects, '--openmetrics': openmetrics })) {
    const input = path === undefined ? undefined : inputAt(path, files);
    if (input !== undefined) throw optionError(option, `${path} is the input ${input}`, 'name another file');
  }
  if (rejects !== undefined && openmetrics !== undefined && resolve(rejects) === resolve(openmetrics)) {
    throw optionError(
      '--rejects',
      `it names the same file as --openmetrics, ${rejects}`,
      'name another file',
    );
  }
}
