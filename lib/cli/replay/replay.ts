import pMap from 'p-map';
import { LedgerError, reasonOf } from '../../errors.ts';
import { parseJson } from '../../events/json.ts';
import type { PodSighting } from '../../events/pod-event.ts';
import { itemType, podRecords } from '../../events/pod-records.ts';
import type { FoundFile } from '../../files/expand-paths.ts';
import type { RawRecord } from '../../files/raw-record.ts';
import { readRecords } from '../../files/read-records.ts';
import { identityOf } from '../../restarts/history.ts';
import { type Restart, restartsOf } from '../../restarts/restart.ts';
import type { Selection } from './selection.ts';
import type { Sink } from './sink.ts';

/** What became of the records of some files. Each that was read stands in exactly one of the other counts. */
export interface ReplayCounts {
  readonly read: number;
  readonly withRestart: number;
  readonly withoutRestart: number;
  readonly notSelected: number;
  /** Objects that are no Pods, and events that carry none. */
  readonly ofOtherKind: number;
  /** Where each record stands that was broken or not taken; files that cannot be read, too. */
  readonly refused: readonly string[];
  /** Different restarts that were taken. */
  readonly restarts: number;
  readonly interrupted: boolean;
}

/** A record that was broken or not taken. */
export interface Refusal {
  /** `file:line path`. */
  readonly where: string;
  readonly failure: LedgerError;
  /** The record as text; `undefined` for a file that cannot be read. */
  readonly text: string | undefined;
}

export interface ReplayDependencies {
  readonly chunksOf: (path: string, onBytes: (count: number) => void) => AsyncIterable<Buffer>;
  readonly selection: Selection;
  readonly sink: Pick<Sink, 'take'>;
  /** Tries the work again while the sink is away. */
  readonly withPatience: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether the replay is to end early. Asked between pieces of work. */
  readonly isEnding: () => boolean;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onProgress: (bytes: number, records: number) => void;
}

/** Pods that the sink takes at a time. */
const concurrency = 64;

interface Found extends PodSighting {
  readonly where: string;
}

/**
 * Takes the restarts that files show to a sink, each once. One pass: memory holds a piece of a file and the
 * identities of the restarts. A broken record or file does not keep the others from being read.
 */
export async function replay(
  files: readonly FoundFile[],
  { chunksOf, selection, sink, withPatience, isEnding, onRefused, onProgress }: ReplayDependencies,
): Promise<ReplayCounts> {
  const counts = { read: 0, withRestart: 0, withoutRestart: 0, notSelected: 0, ofOtherKind: 0 };
  const refused: string[] = [];
  /** Whether it is known when the container ran again, by the restart's identity. */
  const known = new Map<string, boolean>();

  function refuse(refusal: Refusal): void {
    refused.push(refusal.where);
    onRefused(refusal);
  }

  /** Tells something that no record before has told. */
  function isNews(restart: Restart): boolean {
    const knowsAll = known.get(identityOf(restart));
    return knowsAll === undefined || (!knowsAll && restart.restartedAt !== undefined);
  }

  async function readRecord(raw: RawRecord, file: FoundFile): Promise<readonly Found[]> {
    const where = `${file.path}:${raw.line}`;
    const found: Found[] = [];
    let value: unknown;
    try {
      value = raw.format === 'json' ? parseJson(raw.bytes, 'the record') : await parseYaml(raw.bytes);
    } catch (failure) {
      if (!(failure instanceof LedgerError)) throw failure;
      counts.read += 1;
      refuse({ where, failure, text: raw.bytes.toString('utf8') });
      return found;
    }
    const item = raw.list && itemType(raw.list.kind, raw.list.apiVersion);
    for (const record of podRecords(value, '', item)) {
      const place = record.path === '' ? where : `${where} ${record.path}`;
      counts.read += 1;
      if (record.kind === 'other' || (record.kind === 'unknown' && !file.named)) counts.ofOtherKind += 1;
      else if (record.kind !== 'pod') {
        refuse({ where: place, failure: record.failure, text: raw.bytes.toString('utf8') });
      } else if (!selection.selectsPod(record.pod, record.object)) counts.notSelected += 1;
      else found.push(...sightingOf(record, place));
    }
    return found;
  }

  function sightingOf({ pod, object }: Pick<PodSighting, 'pod' | 'object'>, where: string): readonly Found[] {
    const all = restartsOf(pod);
    const restarts = all.filter(selection.selectsRestart);
    if (all.length === 0) counts.withoutRestart += 1;
    else if (restarts.length === 0) counts.notSelected += 1;
    else counts.withRestart += 1;
    const news = restarts.filter(isNews);
    for (const restart of news) known.set(identityOf(restart), restart.restartedAt !== undefined);
    return news.length === 0 ? [] : [{ pod, object, restarts: news, where }];
  }

  async function take(sighting: Found): Promise<void> {
    try {
      await withPatience(() => sink.take(sighting));
    } catch (failure) {
      if (!(failure instanceof LedgerError)) throw failure;
      for (const restart of sighting.restarts) known.delete(identityOf(restart));
      counts.withRestart -= 1;
      refuse({ where: sighting.where, failure, text: JSON.stringify(sighting.object) });
    }
  }

  async function readFile(file: FoundFile): Promise<void> {
    let bytes = 0;
    const onBytes = (count: number) => {
      bytes += count;
    };
    for await (const { records, skipped } of readRecords(chunksOf(file.path, onBytes), file.named)) {
      counts.read += skipped.pods + skipped.others;
      counts.withoutRestart += skipped.pods;
      counts.ofOtherKind += skipped.others;
      const found: Found[] = [];
      for (const raw of records) {
        if (!isEnding()) found.push(...(await readRecord(raw, file)));
      }
      await pMap(found, take, { concurrency });
      onProgress(bytes, counts.read);
      bytes = 0;
      if (isEnding()) return;
    }
  }

  for (const file of files) {
    if (isEnding()) break;
    try {
      await readFile(file);
    } catch (error) {
      if (!isFileFailure(error)) throw error;
      refuse({ where: file.path, failure: unreadable(file.path, error), text: undefined });
    }
  }
  return { ...counts, refused, restarts: known.size, interrupted: isEnding() };
}

/** Its parser is loaded only where there is YAML. */
async function parseYaml(bytes: Buffer): Promise<unknown> {
  const yaml = await import('../../files/parse-yaml.ts');
  return yaml.parseYaml(bytes);
}

/** What the file system or the unpacking says; anything else is a fault of this program. */
function isFileFailure(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'errno' in error;
}

export function unreadable(path: string, cause: unknown): LedgerError {
  const remedy = 'check that the file is there, is whole and may be read';
  const parts = { operation: 'reading', subject: path, fact: reasonOf(cause), remedy };
  return new LedgerError('invalid-input', parts, { cause });
}
