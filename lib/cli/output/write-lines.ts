import type { Terminal } from '../terminal.ts';

/** A write for each would take longer than all the rest. */
const linesAtATime = 500;

/**
 * Writes lines, some at a time, no faster than they are read: neither all of them are in memory nor what a slow reader has not
 * taken yet.
 */
export async function writeLines(
  lines: Iterable<string>,
  { out, drained }: Pick<Terminal, 'out' | 'drained'>,
): Promise<void> {
  let some: string[] = [];
  for (const line of lines) {
    some.push(line);
    if (some.length < linesAtATime) continue;
    out(some.join('\n'));
    await drained();
    some = [];
  }
  if (some.length > 0) out(some.join('\n'));
}
