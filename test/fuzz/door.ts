import { type ErrorKind, LedgerError } from '../../lib/errors.ts';

/** What became of an input. */
export type Outcome = 'accepted' | 'refused';

/** A place where untrusted bytes come in. */
export interface Door {
  readonly name: string;
  /** How many of the inputs go in here, in relation to the other doors. */
  readonly share: number;
  /** Valid inputs, which are mutated. */
  readonly corpus: readonly Buffer[];
  /**
   * Takes one input; whatever it throws is a finding.
   *
   * @param choices What the input does not decide itself, such as where it is split.
   */
  take(input: Buffer, choices: readonly number[]): Outcome | Promise<Outcome>;
}

/** `refused` for an error that blames the input. @throws every other error. */
export function refusal(error: unknown, ...kinds: readonly ErrorKind[]): Outcome {
  if (error instanceof LedgerError && kinds.includes(error.kind)) return 'refused';
  throw error;
}
