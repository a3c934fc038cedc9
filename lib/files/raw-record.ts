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
 * can stand for a letter (https://www.rfc-editor.org/rfc/rfc8259#section-7). A CloudEvent may carry its data packed,
 * under the key `data_base64`, which is told in the same way. So a text with none of them is passed over without
 * being parsed.
 *
 * A search runs as fast as its first byte is rare. That is why only parts of the words are looked for: they stand
 * wherever the whole words do.
 */
export const needles = {
  termination: Buffer.from('minated'),
  escaped: Buffer.from('\\u'),
  packed: Buffer.from('_base64'),
} as const;

/** Whether a JSON text can hold an object with the key `terminated`; see {@link needles}. */
export function mayHoldTermination(bytes: Buffer): boolean {
  return Object.values(needles).some((needle) => bytes.includes(needle));
}

const podEnd = Buffer.from('Pod"');
/** Longer than what an object that refers to a Pod says before its kind. */
const lookBack = 200;
/** Longer than any bookmark of a watch, and shorter than any Pod with a status. */
const longestBookmark = 512;

/** Whether a JSON text that needs no parsing is of a Pod, and not of an object that refers to one. */
export function tellsPod(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(podEnd); at >= 0; at = bytes.indexOf(podEnd, at + 1)) {
    const before = bytes.toString('latin1', Math.max(0, at - lookBack), at);
    const isKind = before.endsWith('"kind":"') || before.endsWith('"kind": "');
    if (isKind && !/"(?:involvedObject|regarding|related|targetRef)"/.test(before)) {
      return bytes.length > longestBookmark || !bytes.includes('"BOOKMARK"');
    }
  }
  return false;
}
