import pMap from 'p-map';
import { LedgerError, reasonOf } from '../errors.ts';
import { readDocuments } from '../events/documents.ts';
import { podRecords } from '../events/pod-records.ts';
import type { RecordRestarts } from '../record-restarts.ts';
import { distinctRestarts } from '../restarts/history.ts';
import type { Pod } from '../restarts/pod.ts';
import type { Restart } from '../restarts/restart.ts';

/** What became of the records of some files. Every record that was read stands in exactly one of the others. */
export interface ReplayResult {
  readonly read: number;
  readonly withRestart: number;
  readonly withoutRestart: number;
  /** Objects of other kinds, and events that carry no object. */
  readonly ofOtherKind: number;
  /** Where each record stands that was broken or not accepted, as `file:line path`; files that cannot be read too. */
  readonly refused: readonly string[];
  /** Each restart once. */
  readonly restarts: readonly Restart[];
}

export interface ReplayDependencies {
  readonly readText: (file: string) => Promise<string>;
  /** The use case that each Pod ends in. */
  readonly record: RecordRestarts;
  /** Called at once for every refusal. */
  readonly onRefused: (where: string, failure: LedgerError) => void;
}

type Item =
  | { readonly kind: 'pod'; readonly where: string; readonly pod: Pod }
  | { readonly kind: 'other'; readonly where: string }
  | { readonly kind: 'refused'; readonly where: string; readonly failure: LedgerError };

/** Pods at a time; the connections to the gateway bound the pushes below it. */
const concurrency = 64;

/** Records what files hold. A broken record or file does not keep the others from being recorded. */
export async function replay(
  files: readonly string[],
  { readText, record, onRefused }: ReplayDependencies,
): Promise<ReplayResult> {
  const result = { read: 0, withRestart: 0, withoutRestart: 0, ofOtherKind: 0 };
  const refused: string[] = [];
  const sightings: Restart[] = [];

  function refuse(where: string, failure: LedgerError): void {
    refused.push(where);
    onRefused(where, failure);
  }

  async function take(item: Item): Promise<void> {
    result.read += 1;
    if (item.kind === 'other') result.ofOtherKind += 1;
    else if (item.kind === 'refused') refuse(item.where, item.failure);
    else {
      try {
        const restarts = await record(item.pod);
        sightings.push(...restarts);
        if (restarts.length > 0) result.withRestart += 1;
        else result.withoutRestart += 1;
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        refuse(item.where, error);
      }
    }
  }

  for (const file of files) {
    const text = await readText(file).catch((error: unknown) => {
      refuse(file, unreadable(file, error));
      return '';
    });
    if (text !== '') await pMap(itemsOf(file, text), take, { concurrency });
  }
  return { ...result, refused, restarts: distinctRestarts(sightings) };
}

function* itemsOf(file: string, text: string): Generator<Item> {
  for (const document of readDocuments(text)) {
    const where = `${file}:${document.line}`;
    if ('failure' in document) {
      yield { kind: 'refused', where, failure: document.failure };
      continue;
    }
    for (const { path, ...record } of podRecords(document.value)) {
      yield { ...record, where: path === '' ? where : `${where} ${path}` };
    }
  }
}

function unreadable(file: string, cause: unknown): LedgerError {
  const parts = { operation: 'reading', subject: file, fact: reasonOf(cause), remedy: 'check the path' };
  return new LedgerError('invalid-input', parts, { cause });
}
