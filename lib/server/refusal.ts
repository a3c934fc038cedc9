import { LedgerError, reasonOf } from '../errors.ts';

/** An error that the HTTP framework found in a request, in our own words; any other is passed on. */
export function refusalOf(error: unknown, maxBodyBytes: number): unknown {
  if (error instanceof LedgerError || !(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  const operation = 'reading';
  const subject = 'the request';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const fact = `its body is larger than ${maxBodyBytes} bytes`;
    const remedy = 'send fewer events at a time, or raise MAX_BODY_BYTES';
    return new LedgerError('too-large', { operation, subject, fact, remedy }, { cause: error });
  }
  if (status >= 500) return error;
  const parts = { operation, subject, fact: reasonOf(error), remedy: 'send a whole HTTP request' };
  return new LedgerError('invalid-input', parts, { cause: error });
}
