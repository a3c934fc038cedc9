import { LedgerError } from '../errors.ts';
import { rfc3339 } from '../metrics/families.ts';
import { type Restart, restartTime } from '../restarts/restart.ts';
import { jsonLine, writeWhole } from './json-lines.ts';

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

/** From the least severe on; `silent` writes nothing. */
const levels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * A log of JSON lines with the level's name and the time in RFC 3339, on standard output unless another file descriptor
 * is given. Each line is written before the call returns.
 *
 * @param lowest The level from which on lines are written.
 */
export function createLog(lowest: string, descriptor = 1): ProcessLog {
  const least = levels.indexOf(lowest);
  const writer = (level: string) =>
    levels.indexOf(level) < least
      ? () => {}
      : (fields: object, message: string) =>
          writeWhole(descriptor, jsonLine(level, new Date(), fields, message));
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    fatal: writer('fatal'),
    writesDebug: levels.indexOf('debug') >= least,
  };
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
