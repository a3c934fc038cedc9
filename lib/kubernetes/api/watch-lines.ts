import { createTerminationSearch, objectMarks } from '../prefilter.ts';

const newline = 0x0a;

/** What the change of an object starts with, the most frequent first; bookmarks and errors are none. */
const changeStarts = ['MODIFIED', 'ADDED', 'DELETED'].map((type) => Buffer.from(`{"type":"${type}"`));

/** Takes the bytes of a watch as they come and gives the lines that have to be parsed, without their ends. */
export interface WatchLines {
  /** The lines that the chunk completes. The chunk is not kept. */
  write(chunk: Buffer): readonly string[];
  /** The line that lacks its end, if there is one. */
  end(): readonly string[];
}

/**
 * Lines of JSON, of which those are left out that cannot show a restart: the addition, change or deletion of an object whose
 * bytes the prefilter rejects ({@link file://../prefilter.ts}). Only what is given is decoded.
 */
export function createWatchLines(): WatchLines {
  /** The start of a line whose end is in a later chunk; one buffer for all such lines, since each is read at once. */
  let buffer = Buffer.allocUnsafeSlow(16 * 1024);
  let used = 0;

  function keep(piece: Buffer): void {
    if (used + piece.length > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(2 * (used + piece.length));
      buffer.copy(larger, 0, 0, used);
      buffer = larger;
    }
    used += piece.copy(buffer, used);
  }

  function readKept(): string[] {
    const bytes = buffer.subarray(0, used);
    used = 0;
    return linesToParse(bytes);
  }

  return {
    write(chunk) {
      const first = chunk.indexOf(newline) + 1;
      const stop = chunk.lastIndexOf(newline) + 1;
      keep(chunk.subarray(0, first || chunk.length));
      if (first === 0) return [];
      const lines = readKept();
      lines.push(...linesToParse(chunk.subarray(first, stop)));
      keep(chunk.subarray(stop));
      return lines;
    },
    end() {
      keep(Buffer.of(newline));
      return readKept();
    },
  };
}

/** @param bytes Whole lines with their ends. */
function linesToParse(bytes: Buffer): string[] {
  const lines: string[] = [];
  const hasMark = createTerminationSearch(bytes, objectMarks);
  for (let start = 0; start < bytes.length; ) {
    const stop = bytes.indexOf(newline, start);
    if (stop > start && (hasMark(start, stop) || !isChange(bytes, start))) {
      lines.push(bytes.toString('utf8', start, stop));
    }
    start = stop + 1;
  }
  return lines;
}

/** Byte for byte, since a decoded string for each line would cost more than the rest of it. */
function isChange(bytes: Buffer, start: number): boolean {
  return changeStarts.some((text) => {
    for (let index = 0; index < text.length; index += 1) {
      if (bytes[start + index] !== text[index]) return false;
    }
    return true;
  });
}
