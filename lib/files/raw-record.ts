/**
 * A piece of a file that should be one JSON or YAML value. `bytes` belong to the reader and are valid only until
 * it is written to again.
 */
export interface RawRecord {
  /** The line that the piece starts at; the first is 1. */
  readonly line: number;
  readonly bytes: Buffer;
  /** It is beyond the limit of a reader: `bytes` are only its start. */
  readonly isTooLarge: boolean;
  readonly format: 'json' | 'yaml';
  /** The type of a Kubernetes list, as far as it comes before the items; else empty. */
  readonly list: ListType | undefined;
}

export interface ListType {
  readonly kind: string;
  readonly apiVersion: string;
}

/** What the bytes that a reader has been given complete. */
export interface RecordBatch {
  /** In the order of the file. */
  readonly records: readonly RawRecord[];
  /** The lists whose items are records of their own: the text of each without its items. */
  readonly lists: readonly Buffer[];
  /** How many more records there were whose bytes cannot show a restart: Pods, and others. */
  readonly skipped: { readonly pods: number; readonly others: number };
}

/**
 * Takes a file's bytes piece by piece, in order, and gives the records that they complete. The first record is never
 * skipped: it shows whether a file contains Kubernetes objects at all.
 *
 * At most `largestRecord` bytes of one record are buffered. A larger one is marked as too large, and reading goes on
 * after it.
 */
export interface RecordReader {
  /** The chunk is not kept: it may be overwritten after the call. */
  write(chunk: Buffer): RecordBatch;
  /** The end of the file: what is left, whole or truncated. */
  end(): RecordBatch;
}

/** Bytes. No object of the Kubernetes API is nearly as large: https://etcd.io/docs/latest/dev-guide/limit/ */
export const largestRecord = 64 * 1024 * 1024;

/** A batch that a reader fills. */
export interface OpenBatch {
  readonly records: RawRecord[];
  readonly lists: Buffer[];
  readonly skipped: { pods: number; others: number };
}

export function emptyBatch(): OpenBatch {
  return { records: [], lists: [], skipped: { pods: 0, others: 0 } };
}
