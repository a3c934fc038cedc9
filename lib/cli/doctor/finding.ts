import { LedgerError, reasonOf } from '../../errors.ts';

/** What one check found: it is right, it is wrong, or it could not be checked. */
export interface Finding {
  readonly state: 'right' | 'wrong' | 'unknown';
  /** What was checked, in a few words. */
  readonly subject: string;
  /** What is the case. */
  readonly fact: string;
  /** What to do; empty where there is nothing. */
  readonly remedy: string;
}

export function right(subject: string, fact: string): Finding {
  return { state: 'right', subject, fact, remedy: '' };
}

export function wrong(subject: string, fact: string, remedy: string): Finding {
  return { state: 'wrong', subject, fact, remedy };
}

export function unknown(subject: string, fact: string, remedy: string): Finding {
  return { state: 'unknown', subject, fact, remedy };
}

/** A check that throws counts as a fault of what it checks. */
export function failed(subject: string, failure: unknown): Finding {
  if (!(failure instanceof LedgerError)) return wrong(subject, reasonOf(failure), 'investigate it');
  const { fact, remedy } = failure.parts;
  return wrong(subject, `${failure.parts.subject}: ${fact}`, remedy);
}
