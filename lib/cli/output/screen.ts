import type { WriteStream } from 'node:tty';
import type { TableForm } from './columns.ts';

/** A stream that may be a terminal. */
export type MaybeTerminal = Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

/**
 * How a table looks on a stream: as wide as a terminal, and coloured where it has colours and `NO_COLOR` is not set; in
 * a pipe nothing is cut.
 */
export function screenOf(stream: MaybeTerminal): TableForm {
  if (!stream.isTTY) return { width: undefined, coloured: false };
  return { width: stream.columns || 80, coloured: stream.hasColors?.() ?? false };
}
