import type { Config } from '../config.ts';
import { LedgerError } from '../errors.ts';

/** @throws LedgerError `usage` when no Pushgateway is named. */
export function requireGateway({ pushgateway }: Pick<Config, 'pushgateway'>): URL {
  if (pushgateway.url !== undefined) return pushgateway.url;
  throw new LedgerError('usage', {
    operation: 'looking for',
    subject: 'the Pushgateway',
    fact: 'none is named',
    remedy: 'give --pushgateway URL, or set PUSHGATEWAY_URL',
  });
}
