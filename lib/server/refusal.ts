import { LedgerError, reasonOf } from '../errors.ts';

/** An error that the HTTP framework found in a request, in our own words; any other is passed on. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof LedgerError || !(error instanceof Error)) return error;
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 500) return error;
  const remedy = 'send a whole HTTP request';
  const parts = { operation: 'reading', subject: 'the request', fact: reasonOf(error), remedy };
  return new LedgerError('invalid-input', parts, { cause: error });
}
