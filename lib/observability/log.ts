import { pino } from 'pino';
import { LedgerError } from '../errors.ts';

/** A structured log that writes one line a call. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
}

/** A log of JSON lines, on standard output unless another file descriptor is given. */
export function createLog(level: string, descriptor = 1): Log {
  return pino({ name: 'restart-ledger', level }, pino.destination({ dest: descriptor, sync: true }));
}

/** A failure as fields of a log line: its kind and message, and a trace only where it was not foreseen. */
export function failureFields(failure: unknown): object {
  return failure instanceof LedgerError
    ? { kind: failure.kind, reason: failure.message }
    : { kind: 'internal', err: failure };
}
