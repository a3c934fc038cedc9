import { createMarkScan, type MarkScan, step } from './mark-scan.ts';

/** The position of the first mark from a position on, `Infinity` where there is none. Positions must not decrease. */
export type MarkSearch = (from: number) => number;

/** Makes searches for these marks; `undefined` where the machine has no scan for them. */
export function markSearches(marks: readonly Buffer[]): ((bytes: Buffer) => MarkSearch) | undefined {
  const scan = createMarkScan(marks);
  const markOf = marksByFirstByte(marks);
  return scan && ((bytes) => createMarkSearch(bytes, markOf, scan));
}

/** The marks by their first bytes, which must differ. */
type Marks = readonly (Buffer | undefined)[];

function marksByFirstByte(marks: readonly Buffer[]): Marks {
  return Array.from({ length: 256 }, (_, byte) => marks.find((mark) => mark[0] === byte));
}

/** The search whose bytes are in the memory of a scan. */
const searches = new WeakMap<MarkScan, MarkSearch>();

function createMarkSearch(bytes: Buffer, markOf: Marks, scan: MarkScan): MarkSearch {
  /** Where the bytes in the memory of the scan start. */
  let windowStart = 0;
  let found = -1;

  /** Where the bytes in memory end that include these. */
  function load(position: number): number {
    const isLoaded = searches.get(scan) === search && position < windowStart + scan.capacity;
    if (!isLoaded) {
      windowStart = position;
      bytes.copy(scan.memory, 0, position, position + scan.memory.length);
      searches.set(scan, search);
    }
    return Math.min(windowStart + scan.capacity, bytes.length);
  }

  function find(from: number): number {
    for (let position = from; position < bytes.length; ) {
      const windowEnd = load(position);
      position = windowStart + scan.next(position - windowStart, windowEnd - windowStart);
      if (position >= windowEnd) {
        position = windowEnd;
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
