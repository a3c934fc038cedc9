/** A file to read. `size` is in bytes, `undefined` for a stream, as standard input. */
export interface InputFile {
  readonly path: string;
  readonly size: number | undefined;
  /** Named by itself, not found in a directory or by a pattern. */
  readonly named: boolean;
  /** Named by itself, or by an extension of JSON or YAML: where it is neither, it is invalid. */
  readonly expected: boolean;
}
