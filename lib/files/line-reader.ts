import { createTerminationSearch, isPod, mayShowTermination } from '../kubernetes/prefilter.ts';
import { createPendingBytes } from './pending-bytes.ts';
import { emptyBatch, largestRecord, type RecordBatch, type RecordReader } from './raw-record.ts';

const newline = 0x0a;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Reads NDJSON: one JSON value a line. Blank lines are skipped.
 *
 * A line is skipped when its bytes cannot show a termination and it starts and ends as an object does: a truncated
 * line is not skipped for what it lacks.
 *
 * @param limit Of one line, in bytes.
 */
export function createLineReader(limit = largestRecord): RecordReader {
  /** The start of a line whose end is in a later chunk. */
  const pending = createPendingBytes(limit);
  let line = 0;
  let isFirst = true;
  let batch = emptyBatch();

  function readLine(bytes: Buffer, isTooLarge: boolean, mayBeSkipped: boolean): void {
    line += 1;
    if (mayBeSkipped && !isFirst && isObjectLine(bytes)) {
      if (isPod(bytes)) batch.skipped.pods += 1;
      else batch.skipped.others += 1;
    } else if (isTooLarge || !bytes.every(isSpace)) {
      isFirst = false;
      batch.records.push({ line, bytes, isTooLarge, format: 'json', list: undefined });
    }
  }

  /** The line that earlier chunks began. */
  function readPending(last: Buffer): void {
    const { bytes, isTooLarge } = pending.take(last);
    readLine(bytes, isTooLarge, !isTooLarge && !mayShowTermination(bytes));
  }

  /** Whole lines. */
  function readLines(bytes: Buffer): void {
    const hasMark = createTerminationSearch(bytes);
    for (let start = 0; start < bytes.length; ) {
      const stop = bytes.indexOf(newline, start);
      const isTooLarge = stop - start > limit;
      readLine(bytes.subarray(start, stop), isTooLarge, !isTooLarge && !hasMark(start, stop));
      start = stop + 1;
    }
  }

  function taken(): RecordBatch {
    const given = batch;
    batch = emptyBatch();
    return given;
  }

  return {
    write(chunk) {
      const first = chunk.indexOf(newline);
      if (first >= 0) readPending(chunk.subarray(0, first));
      const stop = chunk.lastIndexOf(newline) + 1;
      readLines(chunk.subarray(first + 1, stop));
      pending.add(chunk.subarray(stop));
      return taken();
    },
    end() {
      readPending(Buffer.alloc(0));
      return taken();
    },
  };
}

function isObjectLine(bytes: Buffer): boolean {
  let last = bytes.length - 1;
  while (last > 0 && isSpace(bytes[last])) last -= 1;
  return bytes[0] === openObject && last > 0 && bytes[last] === closeObject;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline;
}
