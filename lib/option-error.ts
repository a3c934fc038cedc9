import { LedgerError } from './errors.ts';

/** An option of the command line that cannot be used. */
export function optionError(option: string, fact: string, remedy: string): LedgerError {
  return new LedgerError('usage', { operation: 'reading', subject: `the option ${option}`, fact, remedy });
}
