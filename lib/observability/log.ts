import { pino, stdTimeFunctions } from 'pino';
import { LedgerError } from '../errors.ts';
import { rfc3339 } from '../metrics/families.ts';
import { type Restart, restartTime } from '../restarts/restart.ts';

/** A structured log that writes one line a call. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
}

/** The log of a process, which knows its level. */
export interface ProcessLog extends Log {
  /** Whether `debug` lines are written: somebody looks for a cause, and no line is left out. */
  readonly writesDebug: boolean;
}

/**
 * A log of JSON lines with the level's name and the time in RFC 3339, on standard output unless another file descriptor
 * is given.
 */
export function createLog(level: string, descriptor = 1): ProcessLog {
  const options = {
    base: null,
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const log = pino(options, pino.destination({ dest: descriptor, sync: true }));
  return Object.assign(log, { writesDebug: log.isLevelEnabled('debug') });
}

/** A failure as fields of a log line: its kind and message, and a trace only of an unexpected error. */
export function failureFields(failure: unknown): object {
  return failure instanceof LedgerError
    ? { kind: failure.kind, reason: failure.message }
    : { kind: 'internal', err: failure };
}

/** A restart as fields of a log line. */
export function restartFields(restart: Restart): object {
  const { namespace, pod, container, ordinal, reason, exitCode } = restart;
  const time = rfc3339(restartTime(restart));
  return { namespace, pod, container, restart: ordinal, reason, exitCode, ...(time !== '' && { at: time }) };
}
