import { createMarkScan, type MarkScan, margin, step } from './mark-scan.ts';

/** The position of the first mark from a position on, `Infinity` where there is none. Positions must not decrease. */
export type MarkSearch = (from: number) => number;

export interface MarkSearches {
  /** A buffer that is searched where it is; any other is copied for it, piece by piece. */
  readonly buffer: Buffer;
  search(bytes: Buffer): MarkSearch;
}

/** So many bytes of another buffer are copied and searched at a time. They are at the start of the memory. */
const windowSize = 64 * 1024;

/** Searches for these marks, with a buffer of a size; `undefined` where the machine has no scan for them. */
export function createMarkSearches(marks: readonly Buffer[], size: number): MarkSearches | undefined {
  const start = windowSize + margin;
  const scan = createMarkScan(marks, start + size);
  if (scan === undefined) return undefined;
  const markOf = marksByFirstByte(marks);
  return {
    buffer: Buffer.from(scan.memory, start, size),
    search: (bytes) => createMarkSearch(bytes, markOf, scan),
  };
}

/** The marks by their first bytes, which must differ. */
type Marks = readonly (Buffer | undefined)[];

function marksByFirstByte(marks: readonly Buffer[]): Marks {
  return Array.from({ length: 256 }, (_, byte) => marks.find((mark) => mark[0] === byte));
}

/** The search whose bytes are in the window. */
const searches = new WeakMap<MarkScan, MarkSearch>();

function createMarkSearch(bytes: Buffer, markOf: Marks, scan: MarkScan): MarkSearch {
  const isInMemory = bytes.buffer === scan.memory;
  const window = new Uint8Array(scan.memory, 0, windowSize + margin);
  /** How much higher a byte's address in the memory is than its position; a window lowers it. */
  let shift = isInMemory ? bytes.byteOffset : 0;
  let found = -1;

  /** Where the bytes in the memory end that include these. */
  function load(position: number): number {
    if (isInMemory) return bytes.length;
    const isLoaded = searches.get(scan) === search && position + shift < windowSize;
    if (!isLoaded) {
      shift = -position;
      bytes.copy(window, 0, position, position + window.length);
      searches.set(scan, search);
    }
    return Math.min(windowSize - shift, bytes.length);
  }

  function find(from: number): number {
    for (let position = from; position < bytes.length; ) {
      const end = load(position);
      position = scan.next(position + shift, end + shift) - shift;
      if (position >= end) {
        position = end;
        continue;
      }
      for (const stop = position + step; position < stop; position += 1) {
        const mark = markOf[bytes[position] ?? 0];
        if (mark !== undefined && startsAt(bytes, position, mark)) return position;
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  function search(from: number): number {
    if (found < from) found = find(from);
    return found;
  }

  return search;
}

function startsAt(bytes: Buffer, position: number, mark: Buffer): boolean {
  for (let index = 0; index < mark.length; index += 1) {
    if (bytes[position + index] !== mark[index]) return false;
  }
  return true;
}
