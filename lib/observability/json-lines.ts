import { writeSync } from 'node:fs';
import { reasonOf } from '../errors.ts';

/**
 * A line of JSON with a level, the time in RFC 3339, fields and a message, ended by a line feed. Never throws: what cannot be
 * written as JSON is replaced by the reason.
 *
 * Beside the fields of a log there is nothing to redact, no child and no transport; a library for these is a tenth of a cold start.
 */
export function jsonLine(level: string, time: Date, fields: object, message: string): string {
  return `{"level":${JSON.stringify(level)},"time":"${time.toISOString()}"${members(fields)},"msg":${JSON.stringify(message)}}\n`;
}

/** The fields of an object, each after a comma. */
function members(fields: object): string {
  let text: string;
  try {
    // A replacer makes it several times as slow.
    text = 'err' in fields ? JSON.stringify(fields, errorAsObject) : JSON.stringify(fields);
  } catch (error) {
    text = JSON.stringify({ unwritable: reasonOf(error) });
  }
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}

/** An error has no enumerable fields of its own. */
function errorAsObject(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { message, stack, cause, ...others } = value;
  return { type: value.constructor.name, message, stack, ...(cause !== undefined && { cause }), ...others };
}

/** How long a reader that does not read may delay the process, in milliseconds; after that the rest of a line is lost. */
const longestWait = 1000;
const waitInterval = 10;
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes a text to a file descriptor before it returns, so that a process that ends has written it. A pipe that is full and does
 * not block is waited for. Never throws: a log that cannot be written must not end the process.
 */
export function writeWhole(descriptor: number, text: string): void {
  let rest: string | Buffer = text;
  for (let waited = 0; rest.length > 0; ) {
    try {
      const bytes: Buffer = typeof rest === 'string' ? Buffer.from(rest) : rest;
      rest = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!isFull || waited >= longestWait) return;
      Atomics.wait(clock, 0, 0, waitInterval);
      waited += waitInterval;
    }
  }
}
