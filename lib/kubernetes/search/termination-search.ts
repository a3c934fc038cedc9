import { markBytes } from '../prefilter.ts';
import { createMarkSearches, type MarkSearch, type MarkSearches } from './mark-search.ts';

/**
 * Whether a piece of a buffer can show a termination, as {@link mayShowTermination} says of it. The pieces must be given in their
 * order: the buffer is searched once, however many pieces there are.
 */
export function createTerminationSearch(bytes: Buffer): (start: number, stop: number) => boolean {
  const nextOf = searchesOf(bytes);
  return (start, stop) => nextOf.some((next) => next(start) < stop);
}

/** Bytes: in fewer, all marks are found before a scan could be compiled. */
const smallestToScan = 64 * 1024;

/** Compiled when it is needed first; `null` where the machine does not allow it. */
let searches: MarkSearches | null | undefined;

/** A buffer of a size that is searched faster than others are, where the machine allows it. */
export function searchableBuffer(size: number): Buffer {
  searches = createMarkSearches(markBytes, size) ?? null;
  return searches?.buffer ?? Buffer.allocUnsafe(size);
}

function searchesOf(bytes: Buffer): readonly MarkSearch[] {
  if (bytes.length >= smallestToScan) {
    if (searches === undefined) searchableBuffer(0);
    if (searches) return [searches.search(bytes)];
  }
  return markBytes.map((mark) => createSearch(bytes, mark));
}

/** The search for one mark that Node.js has. */
function createSearch(bytes: Buffer, mark: Buffer): MarkSearch {
  let at = -1;
  return (from) => {
    if (at < from) {
      const index = bytes.indexOf(mark, from);
      at = index < 0 ? Number.POSITIVE_INFINITY : index;
    }
    return at;
  };
}
