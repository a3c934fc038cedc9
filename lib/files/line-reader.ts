import { isPod, needles } from '../kubernetes/prefilter.ts';
import type { Found, RawRecord, RecordReader } from './raw-record.ts';

const newline = 0x0a;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Reads NDJSON: one JSON value a line. Blank lines are passed over.
 *
 * A line is skipped when its bytes tell that it shows no restart and it starts and ends as an object does: what was
 * cut off is not skipped for what it lacks.
 */
export function createLineReader(): RecordReader {
  /** The start of a line whose end has not come. */
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  let records: RawRecord[] = [];
  let skipped = { pods: 0, others: 0 };

  function readLines(bytes: Buffer): void {
    const searches = Object.values(needles).map((needle) => createSearch(bytes, needle));
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(newline, start);
      const stop = found < 0 ? bytes.length : found;
      line += 1;
      const piece = bytes.subarray(start, stop);
      if (searches.some((nextFrom) => nextFrom(start) < stop) || !isObjectLine(bytes, start, stop)) {
        if (!piece.every(isSpace)) records.push({ line, bytes: piece, format: 'json', list: undefined });
      } else if (isPod(piece)) skipped.pods += 1;
      else skipped.others += 1;
      start = stop + 1;
    }
  }

  function take(): Found {
    const found = { records, skipped };
    records = [];
    skipped = { pods: 0, others: 0 };
    return found;
  }

  return {
    write(chunk) {
      const first = chunk.indexOf(newline);
      if (first < 0) {
        rest = Buffer.concat([rest, chunk]);
        return take();
      }
      readLines(Buffer.concat([rest, chunk.subarray(0, first + 1)]));
      const last = chunk.lastIndexOf(newline);
      readLines(chunk.subarray(first + 1, last + 1));
      rest = Buffer.from(chunk.subarray(last + 1));
      return take();
    },
    end() {
      readLines(rest);
      rest = Buffer.alloc(0);
      return take();
    },
  };
}

/** Where the needle comes next from a place on: one search through all lines for each time it stands there. */
function createSearch(bytes: Buffer, needle: Buffer): (from: number) => number {
  let at = -1;
  return (from) => {
    if (at < from) {
      const index = bytes.indexOf(needle, from);
      at = index < 0 ? Number.POSITIVE_INFINITY : index;
    }
    return at;
  };
}

function isObjectLine(bytes: Buffer, start: number, stop: number): boolean {
  let last = stop - 1;
  while (last > start && isSpace(bytes[last])) last -= 1;
  return bytes[start] === openObject && last > start && bytes[last] === closeObject;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline;
}
