import { isPod, mayShowTermination } from '../kubernetes/prefilter.ts';
import { createLogSections } from './log-sections.ts';
import { createPendingBytes, type PendingBytes } from './pending-bytes.ts';
import {
  emptyBatch,
  type ListType,
  largestRecord,
  type RecordBatch,
  type RecordReader,
} from './raw-record.ts';

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
  /** The type of a Kubernetes list, as far as it has been read. */
  type: ListType;
  /** Inside the `items` of a Kubernetes list. */
  inItems: boolean;
  /** The text of a list without its items; `undefined` while the root is a record itself. */
  own: PendingBytes | undefined;
}

export interface JsonReaderOptions {
  /** Whether a record may show a restart; one that cannot is skipped. */
  readonly isWorthParsing?: (json: Buffer) => boolean;
  /** Of one record, in bytes. */
  readonly limit?: number;
}

/** Brackets. Go's JSON, which Kubernetes reads with, allows 10,000; objects of its API have some tens. */
const deepest = 1000;

/** Bytes: longer than any kind, even with every letter of it escaped. */
const longestKind = 1000;

/**
 * Reads JSON values that follow each other, on as many lines as they take: `kubectl get -o json`, `--watch` too.
 *
 * The items of a Kubernetes list, and the elements of a list at the top, are records of their own, so that memory
 * does not grow with the file: no more is buffered than the record that is being read. Each byte is read once, wherever
 * the chunks end. What is invalid becomes a record that does not parse; reading goes on at the next line that starts with
 * a bracket.
 */
export function createJsonReader({
  isWorthParsing = mayShowTermination,
  limit = largestRecord,
}: JsonReaderOptions = {}): RecordReader {
  let bytes: Buffer = Buffer.alloc(0);
  let position = 0;
  let line = 1;
  let nextNewline = -1;
  /** What the byte at `position` is a part of. */
  let within: 'tokens' | 'string' | 'line' = 'tokens';
  /** Whether the byte before `position` ends a line. */
  let startsLine = true;
  /** The brackets that are open around `position`, the outermost first. */
  let open: number[] = [];
  /** The last byte that was not a space; of a string, its quote. */
  let previous = 0;
  let root: Root | undefined;
  /** The line that the record at hand starts at. `pending` has its bytes before this chunk. */
  let recordLine: number | undefined;
  let recordStart = 0;
  const pending = createPendingBytes(limit);
  /** Where the text of the list itself goes on in this chunk; `undefined` inside of its items. */
  let ownStart: number | undefined;
  /** Where the string at hand starts in this chunk; for a string of the root, `rootString` has the earlier bytes. */
  let stringStart = 0;
  const rootString = createPendingBytes(longestKind);
  /** The chunk before ended with an odd number of backslashes. */
  let endedInEscape = false;
  /** After invalid text: everything is skipped up to a line that starts with a bracket. */
  let isSkipping = false;
  const logs = createLogSections();
  let isFirst = true;
  let batch = emptyBatch();

  /** How many brackets are open around a record. */
  const recordDepth = () => (root?.array ? 1 : root?.inItems ? 2 : 0);
  const isOfRoot = () => root !== undefined && !root.array && open.length === 1;

  function startRecord(): void {
    if (recordLine !== undefined || open.length !== recordDepth()) return;
    recordLine = line;
    recordStart = position;
  }

  function emit(stop: number, broken = false): void {
    if (recordLine === undefined) return;
    const { bytes: piece, isTooLarge } = pending.take(bytes.subarray(recordStart, stop));
    const list = root?.inItems ? root.type : undefined;
    if (broken || isTooLarge || isFirst || isWorthParsing(piece)) {
      isFirst = false;
      batch.records.push({ line: recordLine, bytes: piece, isTooLarge, format: 'json', list });
    } else if (list?.kind === 'PodList' || isPod(piece)) batch.skipped.pods += 1;
    else batch.skipped.others += 1;
    recordLine = undefined;
  }

  /** What has been read of the value at the top is emitted as it is, and the rest of it is skipped. */
  function giveUp(stop: number): void {
    if (recordLine === undefined) {
      recordLine = line;
      recordStart = stop;
    }
    emit(stop, true);
    open = [];
    root = undefined;
    ownStart = undefined;
    isSkipping = true;
  }

  function readOpening(bracket: number): void {
    const inside = open.at(-1);
    const expected =
      inside === openArray ? previous !== quote && previous !== closeObject : previous === colon;
    if (inside !== undefined && !expected && startsLine) giveUp(position);
    if (open.length === deepest) {
      giveUp(position);
      within = 'line';
      return;
    }
    if (open.length === 0) {
      const array = bracket === openArray;
      root = { array, key: '', type: { kind: '', apiVersion: '' }, inItems: false, own: undefined };
      isSkipping = false;
      if (array) startOwn(root, Buffer.from('['));
    }
    if (open.length === 1 && bracket === openArray && isItems(root)) enterItems(root);
    else startRecord();
    open.push(bracket);
  }

  /** What was read of the list up to here is not a record, but belongs to the list itself. */
  function enterItems(list: Root): void {
    const stop = position + 1;
    if (recordLine !== undefined) startOwn(list, pending.take(bytes.subarray(recordStart, stop)).bytes);
    else list.own?.add(bytes.subarray(ownStart, stop));
    recordLine = undefined;
    ownStart = undefined;
    list.inItems = true;
  }

  function startOwn(list: Root, start: Buffer): void {
    list.own = createPendingBytes(limit);
    list.own.add(start);
  }

  function readClosing(): void {
    if (open.length === recordDepth()) emit(position, true);
    open.pop();
    if (open.length === recordDepth()) emit(position + 1);
    if (root === undefined) return;
    if (open.length === 1 && root.inItems) {
      root.inItems = false;
      ownStart = position;
    }
    if (open.length > 0) return;
    if (root.own) batch.lists.push(root.own.take(bytes.subarray(ownStart ?? position, position + 1)).bytes);
    ownStart = undefined;
    root = undefined;
  }

  /** Reads on in a string, up to its end, the end of its line or the end of the chunk. */
  function readString(): void {
    for (let from = position; ; ) {
      const index = bytes.indexOf(quote, from);
      const stop = index < 0 ? bytes.length : index;
      if (nextNewline < stop) {
        // A string of JSON contains no line break: this one is truncated.
        position = nextNewline;
        within = 'tokens';
        rootString.take(Buffer.alloc(0));
        giveUp(position);
        return;
      }
      const isEscaped = backslashesBefore(stop) % 2 === 1;
      if (index < 0) {
        endedInEscape = isEscaped;
        position = stop;
        return;
      }
      from = index + 1;
      if (isEscaped) continue;
      position = from;
      if (isOfRoot()) noteRootString();
      previous = quote;
      startsLine = false;
      within = 'tokens';
      return;
    }
  }

  /** In the string at hand; those at the end of the chunk before count too, as far as their parity. */
  function backslashesBefore(stop: number): number {
    let first = stop;
    while (first > stringStart && bytes[first - 1] === backslash) first -= 1;
    return stop - first + (first === 0 && endedInEscape ? 1 : 0);
  }

  function noteRootString(): void {
    const { bytes: literal, isTooLarge } = rootString.take(bytes.subarray(stringStart, position));
    if (root === undefined) return;
    const text = isTooLarge ? '' : literalText(literal.toString());
    if (previous !== colon) root.key = text;
    else if (root.key === 'kind') root.type = { ...root.type, kind: text };
    else if (root.key === 'apiVersion') root.type = { ...root.type, apiVersion: text };
  }

  /** Reads on in a line outside of any value, up to its end or the end of the chunk. */
  function readLine(): void {
    position = nextNewline;
    if (position < bytes.length) endLine();
  }

  function endLine(): void {
    within = 'tokens';
    if (recordLine === undefined) return;
    const whole = pending.take(bytes.subarray(recordStart, position));
    if (!logs.includes(whole.bytes.toString()) && !isSkipping) {
      isFirst = false;
      batch.records.push({ line: recordLine, ...whole, format: 'json', list: undefined });
      isSkipping = true;
    }
    recordLine = undefined;
  }

  /** Reads one token, or its part in this chunk. */
  function readToken(): void {
    const current = bytes[position];
    if (open.length === 0 && (logs.isOpen() || !mayStandBetween(current)) && current !== newline) {
      startRecord();
      within = 'line';
      return;
    }
    if (current === newline) {
      line += 1;
    } else if (current === 0x20 || current === 0x0d || current === 0x09) {
      // Space between tokens is insignificant.
    } else if (current === quote) {
      startRecord();
      stringStart = position;
      endedInEscape = false;
      within = 'string';
      position += 1;
      return;
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
  }

  function read(chunk: Buffer, final: boolean): RecordBatch {
    bytes = chunk;
    position = 0;
    nextNewline = -1;
    batch = emptyBatch();
    while (position < bytes.length) {
      if (nextNewline < position) nextNewline = indexOrEnd(bytes, position);
      if (within === 'string') readString();
      else if (within === 'line') readLine();
      else readToken();
    }
    if (final && within === 'line') endLine();
    if (final && open.length > 0) giveUp(bytes.length);
    keepRest();
    return batch;
  }

  function keepRest(): void {
    if (recordLine !== undefined) pending.add(bytes.subarray(recordStart));
    recordStart = 0;
    if (ownStart !== undefined) root?.own?.add(bytes.subarray(ownStart));
    if (ownStart !== undefined) ownStart = 0;
    if (within === 'string' && isOfRoot()) rootString.add(bytes.subarray(stringStart));
    stringStart = 0;
  }

  return { write: (chunk) => read(chunk, false), end: () => read(Buffer.alloc(0), true) };
}

function isItems(root: Root | undefined): root is Root {
  if (root === undefined || root.array || root.key !== 'items') return false;
  return root.type.kind === '' || root.type.kind.endsWith('List');
}

/** What a value starts with, and the space between values. */
function mayStandBetween(byte: number | undefined): boolean {
  return (
    byte === openObject ||
    byte === openArray ||
    byte === newline ||
    byte === 0x20 ||
    byte === 0x0d ||
    byte === 0x09
  );
}

/** The value of a string literal; empty where it is invalid. */
function literalText(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return '';
  }
}

function indexOrEnd(bytes: Buffer, from: number): number {
  const index = bytes.indexOf(newline, from);
  return index < 0 ? bytes.length : index;
}
