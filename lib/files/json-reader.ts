import { isPod, mayHoldTermination } from '../kubernetes/prefilter.ts';
import type { Found, ListType, RawRecord, RecordReader } from './raw-record.ts';

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** The value at the top that is being read, and whether its parts are records of their own. */
interface Root {
  readonly array: boolean;
  /** The key that was read last, of the root itself. */
  key: string;
  /** The type of a Kubernetes list, as far as it has been told. */
  list: ListType;
  /** Inside the `items` of a Kubernetes list. */
  inItems: boolean;
}

/** No object of the Kubernetes API is nearly as large: https://etcd.io/docs/latest/dev-guide/limit/ */
const largestRecord = 64 * 1024 * 1024;

/**
 * Reads JSON values that follow each other, on as many lines as they take: `kubectl get -o json`, `--watch` too.
 *
 * The items of a Kubernetes list, and the elements of a list at the top, are records of their own, so that memory
 * does not grow with the file: no more is kept than the record that is being read. What is broken becomes a record
 * that does not parse; reading goes on at the next line that starts with a bracket.
 */
export function createJsonReader(isWorthParsing = mayHoldTermination): RecordReader {
  let bytes: Buffer = Buffer.alloc(0);
  let position = 0;
  let line = 1;
  let nextNewline = -1;
  /** Whether the byte before `position` ends a line. */
  let startsLine = true;
  /** The brackets that are open around `position`, the outermost first. */
  let open: number[] = [];
  /** The last byte that was no space; of a string, its quote. */
  let previous = 0;
  let root: Root | undefined;
  let record: { start: number; readonly line: number } | undefined;
  /** After something broken: what comes is passed over up to a line that starts with a bracket. */
  let lost = false;
  let records: RawRecord[] = [];
  let skipped = { pods: 0, others: 0 };

  /** How many brackets are open around a record. */
  const recordDepth = () => (root?.array ? 1 : root?.inItems ? 2 : 0);

  function emit(stop: number, broken = false): void {
    if (record === undefined) return;
    const piece = bytes.subarray(record.start, stop);
    const list = root?.inItems ? root.list : undefined;
    if (broken || isWorthParsing(piece)) {
      records.push({ line: record.line, bytes: piece, format: 'json', list });
    } else if (list?.kind === 'PodList' || isPod(piece)) skipped.pods += 1;
    else skipped.others += 1;
    record = undefined;
  }

  /** What there is of the value at the top goes out as it stands, and the rest of it is passed over. */
  function giveUp(stop: number): void {
    record ??= { start: stop, line };
    emit(stop, true);
    open = [];
    root = undefined;
    lost = true;
  }

  function startRecord(): void {
    if (open.length === recordDepth()) record ??= { start: position, line };
  }

  function readOpening(bracket: number): void {
    const inside = open.at(-1);
    const expected =
      inside === openArray ? previous !== quote && previous !== closeObject : previous === colon;
    if (inside !== undefined && !expected && startsLine) giveUp(position);
    if (open.length === 0) {
      root = { array: bracket === openArray, key: '', list: { kind: '', apiVersion: '' }, inItems: false };
      lost = false;
    }
    if (open.length === 1 && bracket === openArray && isItems(root)) {
      root.inItems = true;
      record = undefined;
    } else startRecord();
    open.push(bracket);
  }

  function readClosing(): void {
    if (open.length === recordDepth()) emit(position, true);
    open.pop();
    if (open.length === recordDepth()) emit(position + 1);
    if (open.length === 1 && root) root.inItems = false;
    if (open.length === 0) root = undefined;
  }

  /** Gives the position behind the string, or `undefined` when it has not been read to its end. */
  function stringEnd(): number | undefined {
    let end = position;
    do end = bytes.indexOf(quote, end + 1);
    while (end >= 0 && isEscaped(bytes, end));
    return end < 0 ? undefined : end + 1;
  }

  function noteRootString(end: number): void {
    if (root === undefined || root.array || open.length !== 1) return;
    const text = end - position > longestNote ? '' : literalText(bytes.toString('utf8', position, end));
    if (previous !== colon) root.key = text;
    else if (root.key === 'kind') root.list = { ...root.list, kind: text };
    else if (root.key === 'apiVersion') root.list = { ...root.list, apiVersion: text };
  }

  /** Passes over the line; `false` when its end has not been read. */
  function passLine(final: boolean): boolean {
    if (nextNewline === bytes.length && !final) return false;
    if (!lost) {
      record = { start: position, line };
      giveUp(nextNewline);
    }
    position = nextNewline;
    return true;
  }

  /** Reads one token; `false` when more bytes are needed for it. */
  function step(final: boolean): boolean {
    const current = bytes[position];
    if (current === newline) {
      line += 1;
    } else if (current === 0x20 || current === 0x0d || current === 0x09) {
      // Space between tokens says nothing.
    } else if (open.length === 0 && current !== openObject && current !== openArray) {
      return passLine(final);
    } else if (current === quote) {
      const end = stringEnd();
      if ((end ?? bytes.length) > nextNewline) {
        giveUp(nextNewline);
        position = nextNewline;
        return true;
      }
      if (end === undefined) return false;
      startRecord();
      noteRootString(end);
      previous = quote;
      startsLine = false;
      position = end;
      return true;
    } else if (current === openObject || current === openArray) {
      readOpening(current);
      previous = current;
    } else if (current === closeObject || current === closeArray) {
      readClosing();
      previous = current;
    } else {
      if (current === comma && open.length === recordDepth()) emit(position, true);
      else if (current !== comma) startRecord();
      previous = current ?? 0;
    }
    startsLine = current === newline;
    position += 1;
    return true;
  }

  function read(chunk: Buffer, final: boolean): Found {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    nextNewline = -1;
    records = [];
    skipped = { pods: 0, others: 0 };
    while (position < bytes.length) {
      if (nextNewline < position) nextNewline = indexOrEnd(bytes, position);
      if (!step(final)) break;
    }
    if (record && position - record.start > largestRecord) giveUp(position);
    if (final && open.length > 0) giveUp(bytes.length);
    keepRest();
    return { records, skipped };
  }

  /** A copy, since the chunk is not ours for longer than this. */
  function keepRest(): void {
    const start = record?.start ?? position;
    bytes = Buffer.from(bytes.subarray(start));
    position -= start;
    if (record) record.start = 0;
  }

  return { write: (chunk) => read(chunk, false), end: () => read(Buffer.alloc(0), true) };
}

function isItems(root: Root | undefined): root is Root {
  if (root === undefined || root.array || root.key !== 'items') return false;
  return root.list.kind === '' || root.list.kind.endsWith('List');
}

/** Bytes: longer than any kind, even with every letter of it escaped. */
const longestNote = 1000;

/** What a string literal stands for; empty where it is broken. */
function literalText(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return '';
  }
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let backslashes = 0;
  while (bytes[at - 1 - backslashes] === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}

function indexOrEnd(bytes: Buffer, from: number): number {
  const index = bytes.indexOf(newline, from);
  return index < 0 ? bytes.length : index;
}
