import { parse } from 'yaml';
import { LedgerError, reasonOf } from '../errors.ts';

/**
 * The value of bytes in YAML 1.2 and UTF-8.
 *
 * @throws LedgerError `invalid-input` when they are invalid.
 */
export function parseYaml(bytes: Buffer): unknown {
  try {
    return parse(bytes.toString('utf8'), { logLevel: 'error', prettyErrors: false });
  } catch (error) {
    const parts = { operation: 'parsing', subject: 'the record', fact: reasonOf(error) };
    const remedy = 'give JSON, or YAML in UTF-8, as kubectl get pods -o json writes it';
    throw new LedgerError('invalid-input', { ...parts, remedy }, { cause: error });
  }
}
