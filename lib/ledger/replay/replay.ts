import pMap from 'p-map';
import { LedgerError, reasonOf } from '../../errors.ts';
import { startsLikeJson } from '../../files/choose-reader.ts';
import type { InputFile } from '../../files/input-file.ts';
import { itemType, podRecords } from '../../files/pod-records.ts';
import { largestRecord, type RawRecord, type RecordBatch } from '../../files/raw-record.ts';
import { parseJson } from '../../parse-json.ts';
import type { PodObservation } from '../../restarts/pod-observation.ts';
import { restartsOf } from '../../restarts/restart.ts';
import { byRetention, type Retention } from '../../restarts/retention.ts';
import type { RetryThroughOutage } from '../../retry.ts';
import type { Sink } from '../sinks/sink.ts';
import { createDeduplicator } from './deduplicate.ts';
import type { Selection } from './selection.ts';

/** The outcomes of the records of some files. Each that was read is in exactly one of the other counts. */
export interface ReplayCounts {
  readonly read: number;
  readonly withRestart: number;
  readonly withoutRestart: number;
  readonly notSelected: number;
  /** Pods whose selected restarts are all past retention. */
  readonly expired: number;
  /** Objects that are not Pods, and events without one. */
  readonly ofOtherKind: number;
  /** The location of each record that was invalid or not accepted; unreadable files, too. */
  readonly refused: readonly string[];
  /** Different restarts that were accepted. */
  readonly restarts: number;
  readonly interrupted: boolean;
}

/** A record that was invalid or not accepted. */
export interface Refusal {
  /** `file:line path`. */
  readonly where: string;
  readonly failure: LedgerError;
  /** The record as text; `undefined` for a file that cannot be read. */
  readonly text: string | undefined;
}

export interface ReplayDependencies {
  readonly recordsOf: (file: InputFile, onBytes: (count: number) => void) => AsyncIterable<RecordBatch>;
  readonly selection: Selection;
  readonly sink: Pick<Sink, 'take'>;
  /** Retries the work while the sink is unavailable. */
  readonly retryThroughOutage: RetryThroughOutage;
  /** Restarts past it are not taken to the sink. */
  readonly retention: Pick<Retention, 'seconds'>;
  readonly nowSeconds: () => number;
  /** Whether the replay is to end early, asked between pieces of work. What is not started by then is not counted. */
  readonly isEnding: () => boolean;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onProgress: (bytes: number, records: number) => void;
}

/** Pods that the sink takes at a time. */
const concurrency = 64;

interface LocatedObservation extends PodObservation {
  readonly where: string;
}

/**
 * Takes the restarts that files show to a sink, each once. One pass: in memory are a piece of a file and the
 * identities of the restarts. After an invalid record or file the others are still read.
 */
export async function replay(
  files: readonly InputFile[],
  dependencies: ReplayDependencies,
): Promise<ReplayCounts> {
  const { recordsOf, selection, sink, retryThroughOutage, retention, nowSeconds } = dependencies;
  const { isEnding, onRefused, onProgress } = dependencies;
  const counts = { read: 0, withRestart: 0, withoutRestart: 0, notSelected: 0, expired: 0, ofOtherKind: 0 };
  const refused: string[] = [];
  const deduplicator = createDeduplicator((observation) => retryThroughOutage(() => sink.take(observation)));
  /** Of the file at hand, and of all files: a list without items is one. */
  let hasObjects = false;
  let someHaveObjects = false;

  function refuse(refusal: Refusal): void {
    refused.push(refusal.where);
    onRefused(refusal);
  }

  async function readRecord(raw: RawRecord, file: InputFile): Promise<readonly LocatedObservation[]> {
    const where = `${file.path}:${raw.line}`;
    const found: LocatedObservation[] = [];
    let value: unknown;
    try {
      if (raw.isTooLarge) throw tooLarge();
      value = raw.format === 'json' ? parseJson(raw.bytes, 'the record') : await parseYaml(raw.bytes);
    } catch (failure) {
      if (!(failure instanceof LedgerError)) throw failure;
      counts.read += 1;
      if (!file.expected && isLogLine(raw)) counts.ofOtherKind += 1;
      else refuse({ where, failure, text: raw.isTooLarge ? undefined : textOf(raw) });
      return found;
    }
    const item = raw.list && itemType(raw.list.kind, raw.list.apiVersion);
    let isEmptyList = true;
    for (const record of podRecords(value, '', item)) {
      isEmptyList = false;
      hasObjects ||= record.kind !== 'unknown';
      const location = record.path === '' ? where : `${where} ${record.path}`;
      const observation = record.kind === 'pod' ? selected(record) : undefined;
      if (observation !== undefined) {
        found.push({ ...observation, where: location });
        continue;
      }
      counts.read += 1;
      if (record.kind === 'other' || (record.kind === 'unknown' && !file.named)) counts.ofOtherKind += 1;
      else if (record.kind !== 'pod') {
        const failure = record.kind === 'unknown' ? noKubernetesObject('the record') : record.failure;
        refuse({ where: location, failure, text: textOf(raw) });
      }
    }
    hasObjects ||= isEmptyList;
    return found;
  }

  /** The selected restarts of a Pod; where there are none, the reason is counted. */
  function selected({ pod, object }: Pick<PodObservation, 'pod' | 'object'>): PodObservation | undefined {
    const shown = restartsOf(pod);
    const chosen = selection.selectsPod(pod, object) ? shown.filter(selection.selectsRestart) : [];
    const { kept } = byRetention(chosen, retention, nowSeconds());
    if (kept.length > 0) return { pod, object, restarts: kept };
    if (chosen.length > 0) counts.expired += 1;
    else counts[shown.length === 0 ? 'withoutRestart' : 'notSelected'] += 1;
    return undefined;
  }

  async function take({ where, ...observation }: LocatedObservation): Promise<void> {
    const failure = await deduplicator.take(observation);
    counts.read += 1;
    if (failure === undefined) counts.withRestart += 1;
    else refuse({ where, failure, text: JSON.stringify(observation.object) });
  }

  async function readFile(file: InputFile): Promise<void> {
    const refusedBefore = refused.length;
    hasObjects = false;
    let bytes = 0;
    const onBytes = (count: number) => {
      bytes += count;
    };
    for await (const { records, lists, skipped } of recordsOf(file, onBytes)) {
      counts.read += skipped.pods + skipped.others;
      counts.withoutRestart += skipped.pods;
      counts.ofOtherKind += skipped.others;
      hasObjects ||= lists.length > 0;
      const found: LocatedObservation[] = [];
      for (const raw of records) {
        if (isEnding()) break;
        found.push(...(await readRecord(raw, file)));
      }
      // What came before a record that ends the reading is still taken.
      const isLast = isEnding();
      await pMap(found, (each) => (isEnding() && !isLast ? undefined : take(each)), { concurrency });
      onProgress(bytes, counts.read);
      bytes = 0;
      if (isEnding()) return;
    }
    someHaveObjects ||= hasObjects;
    if (file.named && !hasObjects && refused.length === refusedBefore) refuseAsEmpty(file.path);
  }

  function refuseAsEmpty(path: string): void {
    refuse({ where: path, failure: noKubernetesObject(path), text: undefined });
  }

  for (const file of files) {
    if (isEnding()) break;
    try {
      await readFile(file);
    } catch (error) {
      const isRefusal = error instanceof LedgerError && error.kind === 'invalid-input';
      if (!isRefusal && !isFileFailure(error)) throw error;
      const failure = isRefusal ? error : unreadable(file.path, error);
      refuse({ where: file.path, failure, text: undefined });
    }
  }
  if (files.length > 0 && !someHaveObjects && refused.length === 0 && !isEnding()) refuseAsEmpty('the files');
  return { ...counts, refused, restarts: deduplicator.count(), interrupted: isEnding() };
}

function tooLarge(): LedgerError {
  const fact = `it is larger than ${largestRecord / 1024 / 1024} MiB`;
  const remedy = 'no Kubernetes object is; check that the file is whole';
  return new LedgerError('invalid-input', { operation: 'reading', subject: 'the record', fact, remedy });
}

function noKubernetesObject(subject: string): LedgerError {
  const fact = 'it contains no Kubernetes object';
  const remedy = 'give JSON or YAML, as kubectl get pods -o json writes it';
  return new LedgerError('invalid-input', { operation: 'reading', subject, fact, remedy });
}

/** In a form that can be read again from a file of such records. */
function textOf({ format, bytes }: RawRecord): string {
  return format === 'yaml' ? `---\n${bytes.toString('utf8')}` : bytes.toString('utf8');
}

/** A log line between objects. */
function isLogLine({ format, bytes }: RawRecord): boolean {
  return format === 'json' && bytes.length > 0 && !startsLikeJson(bytes.toString('utf8'));
}

/** Loads the parser only where there is YAML. */
async function parseYaml(bytes: Buffer): Promise<unknown> {
  const yaml = await import('../../files/parse-yaml.ts');
  return yaml.parseYaml(bytes);
}

/** An error of the file system or the decompressor; anything else is a bug. */
function isFileFailure(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'errno' in error;
}

export function unreadable(path: string, cause: unknown): LedgerError {
  const remedy = 'check that the file is there, is whole and may be read';
  const parts = { operation: 'reading', subject: path, fact: reasonOf(cause), remedy };
  return new LedgerError('invalid-input', parts, { cause });
}
