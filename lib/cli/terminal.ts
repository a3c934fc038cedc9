/** Where a command writes: lines for a person or a pipe, and lines about what went wrong; one or more at a time. */
export interface Terminal {
  out(lines: string): void;
  err(lines: string): void;
}

/** How a command ended. 0: all done; 1: something was refused or failed; 2: invalid usage. */
export type ExitCode = 0 | 1 | 2;
