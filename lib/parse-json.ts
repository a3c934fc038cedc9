import { isUtf8 } from 'node:buffer';
import { LedgerError, reasonOf } from './errors.ts';

/**
 * The value of bytes in JSON and UTF-8.
 *
 * @param subject What the bytes are, for the message.
 * @throws LedgerError `invalid-input` when they are not UTF-8 or not JSON.
 */
export function parseJson(bytes: Buffer | string, subject: string): unknown {
  if (typeof bytes !== 'string' && !isUtf8(bytes)) {
    throw notJson(subject, 'the bytes are not UTF-8');
  }
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw notJson(subject, bytes.length === 0 ? 'it is empty' : reasonOf(error), error);
  }
}

function notJson(subject: string, fact: string, cause?: unknown): LedgerError {
  const remedy = 'send one whole JSON document in UTF-8';
  return new LedgerError('invalid-input', { operation: 'parsing', subject, fact, remedy }, { cause });
}
