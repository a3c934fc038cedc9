import { type ErrorKind, type ErrorParts, LedgerError } from '../errors.ts';
import type { RawRecord, RecordBatch } from './raw-record.ts';

/** What the thread that reads a file is started with. */
export interface ThreadInput {
  readonly path: string;
  readonly expected: boolean;
  /** An `Int32Array` of one number: how many packs have been processed, and their blocks may be written to again. */
  readonly processed: SharedArrayBuffer;
}

/** What that thread sends, in the order of the file; the last message is the end or a failure. */
export type RecordMessage =
  | ({ readonly type: 'batches' } & PackedBatches)
  | { readonly type: 'end' }
  | { readonly type: 'failure'; readonly failure: PackedFailure };

/** Batches whose bytes are in a block of memory that threads share. */
export interface PackedBatches {
  readonly block: SharedArrayBuffer;
  readonly batches: readonly PackedBatch[];
}

interface PackedBatch extends Pick<RecordBatch, 'skipped'> {
  /** How many bytes of the file have been read for it. */
  readonly read: number;
  readonly records: readonly (Omit<RawRecord, 'bytes'> & Piece)[];
  readonly lists: readonly Piece[];
}

/** A piece of the block. */
interface Piece {
  readonly start: number;
  readonly length: number;
}

/** Collects batches in a block. */
export interface Pack {
  /** Copies a batch; `false` where the rest of the block is too small. An empty pack takes a larger block instead. */
  add(batch: RecordBatch, read: number): boolean;
  readonly packed: PackedBatches;
}

export function createPack(given: SharedArrayBuffer): Pack {
  const batches: PackedBatch[] = [];
  let block = given;
  let used = 0;

  function copied(bytes: Buffer): Piece {
    const start = used;
    used += bytes.copy(new Uint8Array(block), start);
    return { start, length: bytes.length };
  }

  return {
    add({ records, lists, skipped }, read) {
      const pieces = [...records.map(({ bytes }) => bytes), ...lists];
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (used + length > block.byteLength) {
        if (batches.length > 0) return false;
        block = new SharedArrayBuffer(length);
      }
      batches.push({
        read,
        records: records.map(({ bytes, ...record }) => ({ ...record, ...copied(bytes) })),
        lists: lists.map(copied),
        skipped,
      });
      return true;
    },
    get packed() {
      return { block, batches };
    },
  };
}

/** A batch, whose bytes stay in the block. */
export function unpackBatch({ records, lists, skipped }: PackedBatch, block: SharedArrayBuffer): RecordBatch {
  const bytesOf = ({ start, length }: Piece) => Buffer.from(block, start, length);
  return {
    records: records.map(({ start, length, ...record }) => ({
      ...record,
      bytes: bytesOf({ start, length }),
    })),
    lists: lists.map(bytesOf),
    skipped,
  };
}

/** An error that a file can cause. Its properties by themselves, since errors lose them on the way to another thread. */
export type PackedFailure =
  | { readonly kind: ErrorKind; readonly parts: ErrorParts }
  | { readonly message: string; readonly code: unknown; readonly errno: unknown };

/** `undefined` for what is neither invalid input nor an error of the file system or the decompressor: a bug. */
export function packFailure(error: unknown): PackedFailure | undefined {
  if (error instanceof LedgerError) return { kind: error.kind, parts: error.parts };
  if (!(error instanceof Error && 'code' in error && 'errno' in error)) return undefined;
  return { message: error.message, code: error.code, errno: error.errno };
}

export function unpackFailure(failure: PackedFailure): Error {
  if ('kind' in failure) return new LedgerError(failure.kind, failure.parts);
  const { message, ...properties } = failure;
  return Object.assign(new Error(message), properties);
}
