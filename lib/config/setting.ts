/** One setting. An environment variable that is empty counts as not set. */
export interface Setting<T> {
  /** The environment variable. */
  readonly name: string;
  readonly summary: string;
  /** What `parse` accepts, in words. */
  readonly form: string;
  /** `undefined` for invalid text. */
  readonly parse: (text: string) => T | undefined;
  /** As the environment would give it; empty for a setting that may be left out. */
  readonly fallback: string;
  /** Whether the value may contain a secret: then no message shows it. */
  readonly secret: boolean;
  /** A suggestion for text that `parse` cannot use; contains no secret. */
  readonly hint?: (text: string) => string | undefined;
}
