import type { Log, ProcessLog } from './log.ts';

/** Lines of one message that are written in a window; the others are counted. */
const mostLines = 10;
/** In milliseconds. */
const windowLength = 10_000;
const mostReasons = 3;

/** A log that a flood of refusals cannot fill. */
export interface RateLimitedLog extends Log {
  /** Writes what has been counted and not written. */
  flush(): void;
}

/** What of a message was not written in its window. */
interface Window {
  lines: number;
  readonly reasons: Set<unknown>;
}

/**
 * Warnings and errors of one message at most ten times in ten seconds; at the end of that time one line says how many more
 * there were, with the first reasons (`reason`) of those. Other levels are unchanged, and so is a log that writes debug lines.
 *
 * @param later Calls back once, after so many milliseconds.
 */
export function createRateLimitedLog(
  log: ProcessLog,
  later: (callback: () => void, milliseconds: number) => unknown,
): RateLimitedLog {
  const windows = new Map<string, { readonly level: 'warn' | 'error'; readonly window: Window }>();

  function end(message: string): void {
    const ended = windows.get(message);
    windows.delete(message);
    if (ended === undefined || ended.window.lines <= mostLines || log.writesDebug) return;
    const { lines, reasons } = ended.window;
    log[ended.level]({ more: lines - mostLines, reasons: [...reasons] }, message);
  }

  function write(level: 'warn' | 'error', fields: object, message: string): void {
    let window = windows.get(message)?.window;
    if (window === undefined) {
      window = { lines: 0, reasons: new Set() };
      windows.set(message, { level, window });
      later(() => end(message), windowLength);
    }
    window.lines += 1;
    if (window.lines <= mostLines || log.writesDebug) log[level](fields, message);
    else if (window.reasons.size < mostReasons && 'reason' in fields) window.reasons.add(fields.reason);
  }

  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => write('warn', fields, message),
    error: (fields, message) => write('error', fields, message),
    fatal: (fields, message) => log.fatal(fields, message),
    flush() {
      for (const message of [...windows.keys()]) end(message);
    },
  };
}
