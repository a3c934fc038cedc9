/** Where a command writes. */
export interface Terminal {
  /**
   * Writes lines for a person or a pipe, one or more at a time and as they are: text of Pods, files and servers in them
   * has been made `printable` by then, or is in a form for programs (JSON, CSV).
   */
  out(lines: string): void;
  /** Resolves once the reader has taken what `out` has written, or has gone: before more of a long output. */
  drained(): Promise<void>;
  /** Writes one line about what went wrong, made `printable`. */
  err(line: string): void;
}

/** How a command ended. 0: all done; 1: something was refused or failed; 2: invalid usage. */
export type ExitCode = 0 | 1 | 2;
