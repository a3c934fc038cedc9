/** The lines of a record that is being read. */
export interface PendingLines {
  add(line: string): void;
  /** At the end of a chunk: joins its lines, since many short strings take many times the memory of a long one. */
  join(): void;
  /** Marks it as too large. */
  exceed(): void;
  /** `text` is only the start of what is too large. `line` is where it started. */
  take(): { readonly text: string; readonly isTooLarge: boolean; readonly line: number };
}

/** So many characters are kept of what is too large: enough to recognise it. */
const keptOfTooLarge = 1024;

/** @param limit In characters, with a line break after each line; beyond it only the start is kept. */
export function createPendingLines(line: number, limit: number): PendingLines {
  let joined: string[] = [];
  let lines: string[] = [];
  let length = 0;
  let isTooLarge = false;

  function exceed(): void {
    isTooLarge = true;
    const start = (joined[0] ?? lines[0] ?? '').slice(0, keptOfTooLarge);
    // A copy, since a slice of a string keeps the whole string in memory.
    joined = [Buffer.from(start).toString()];
    lines = [];
  }

  return {
    add(text) {
      if (isTooLarge) return;
      lines.push(text);
      length += text.length + 1;
      if (length > limit) exceed();
    },
    join() {
      if (lines.length > 1) {
        joined.push(lines.join('\n'));
        lines = [];
      }
    },
    exceed,
    take: () => ({ text: [...joined, ...lines].join('\n'), isTooLarge, line }),
  };
}
