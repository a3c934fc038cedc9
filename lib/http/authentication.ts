import { timingSafeEqual } from 'node:crypto';
import { LedgerError } from '../errors.ts';

/**
 * Whatever follows the scheme is the token: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 *
 * @throws LedgerError `unauthenticated` without a bearer token, `forbidden` with another one.
 */
export function authenticate(authorization: string | undefined, authToken: string): void {
  const [, scheme = '', token = ''] = /^(\S*) *(.*)$/s.exec(authorization ?? '') ?? [];
  const operation = 'accepting';
  const subject = 'the request';
  const remedy = 'send Authorization: Bearer with the token of AUTH_TOKEN';
  if (scheme.toLowerCase() !== 'bearer') {
    throw new LedgerError('unauthenticated', { operation, subject, fact: 'it has no bearer token', remedy });
  }
  const given = Buffer.from(token);
  const expected = Buffer.from(authToken);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new LedgerError('forbidden', { operation, subject, fact: 'its bearer token is wrong', remedy });
  }
}
