/**
 * A piece of a file that should hold one JSON or YAML value. `bytes` belong to the reader and are valid only until
 * it is written to again.
 */
export interface RawRecord {
  /** The line that the piece starts at; the first is 1. */
  readonly line: number;
  readonly bytes: Buffer;
  readonly format: 'json' | 'yaml';
  /** What a Kubernetes list says of its items, as far as it came before them; empty when it did not. */
  readonly list: ListType | undefined;
}

export interface ListType {
  readonly kind: string;
  readonly apiVersion: string;
}

/** What a reader found in the bytes that it has been given. */
export interface Found {
  /** In the order of the file. */
  readonly records: readonly RawRecord[];
  /** How many more there were whose bytes tell that they show no restart: of Pods, and of objects that are none. */
  readonly skipped: { readonly pods: number; readonly others: number };
}

/** Takes a file's bytes piece by piece, in order, and gives the records that they complete. */
export interface RecordReader {
  write(chunk: Buffer): Found;
  /** The end of the file: what is left, whole or broken. */
  end(): Found;
}
