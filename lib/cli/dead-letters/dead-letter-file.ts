import { type FileHandle, open } from 'node:fs/promises';
import { LedgerError, reasonOf } from '../../errors.ts';

/** A file of dead letters, one a line. It may be moved at any time: the next event creates another. */
export interface DeadLetters {
  /** Resolves once the line, given in pieces, is on the disk. Calls may overlap; they are written one after another. */
  keep(line: Iterable<string>): Promise<void>;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/**
 * Creates the file where it is missing; existing content stays.
 *
 * @throws LedgerError `configuration` when it cannot be opened.
 */
export async function openDeadLetters(path: string): Promise<DeadLetters> {
  await (await openToAppend(path)).close();
  // A process that was killed, or a full disk, may have left half a line: the next event must not be joined to it.
  let mayEndInPartialLine = true;
  let last: Promise<unknown> = Promise.resolve();

  async function append(line: Iterable<string>): Promise<void> {
    await using file = await openToAppend(path);
    const start = mayEndInPartialLine && (await file.stat()).size > 0 ? '\n' : '';
    mayEndInPartialLine = true;
    await file.appendFile(between(start, line, '\n'));
    mayEndInPartialLine = false;
    await file.datasync();
  }

  return {
    keep(line) {
      const written = last.then(() => append(line));
      last = written.catch(() => undefined);
      return written;
    },
    async close() {
      await last;
    },
  };
}

function* between(start: string, pieces: Iterable<string>, end: string): Generator<string> {
  yield start;
  yield* pieces;
  yield end;
}

/** What cannot be read is kept as it came, and may contain secrets. */
const ownerOnly = 0o600;

async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a', ownerOnly);
  } catch (error) {
    const remedy = 'name a file in a folder that can be written to';
    throw new LedgerError(
      'configuration',
      { operation: 'opening', subject: path, fact: reasonOf(error), remedy },
      { cause: error },
    );
  }
}
