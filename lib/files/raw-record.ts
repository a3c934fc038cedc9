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

/**
 * What a JSON text can show no restart without: the key `terminated`.
 *
 * A key is written either with these very bytes or with an escape in it, and of the escapes that JSON has only `\u`
 * can stand for a letter (https://www.rfc-editor.org/rfc/rfc8259#section-7). So a text with neither is passed over
 * without being parsed, unless it is an event with its data in `data_base64`. In the same way, a text with neither `"Pod"` nor `\u` is none of a Pod.
 *
 * A search runs as fast as its first byte is rare. That is why only the ends of the words are looked for: they stand
 * wherever the whole words do.
 */
export const needles = {
  termination: Buffer.from('minated'),
  escaped: Buffer.from('\\u'),
  encoded: Buffer.from('_base64'),
  pod: Buffer.from('Pod"'),
} as const;

/** Whether a JSON text can hold an object with the key `terminated`; see {@link needles}. */
export function mayHoldTermination(bytes: Buffer): boolean {
  return (
    bytes.includes(needles.termination) || bytes.includes(needles.escaped) || bytes.includes(needles.encoded)
  );
}
