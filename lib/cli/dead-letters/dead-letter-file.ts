import { type FileHandle, open } from 'node:fs/promises';
import { eventJson } from '../../cloudevents/event-json.ts';
import { LedgerError, reasonOf } from '../../errors.ts';

/** A file of events, one structured CloudEvent a line. It may be moved at any time: the next event creates another. */
export interface DeadLetters {
  /** Resolves once the event is on the disk. Calls may overlap; they are written one after another. */
  keep(event: object): Promise<void>;
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

  async function append(line: string): Promise<void> {
    await using file = await openToAppend(path);
    const start = mayEndInPartialLine && (await file.stat()).size > 0 ? '\n' : '';
    mayEndInPartialLine = true;
    await file.appendFile(`${start}${line}\n`);
    mayEndInPartialLine = false;
    await file.datasync();
  }

  return {
    keep(event) {
      const written = last.then(() => append(eventJson(event)));
      last = written.catch(() => undefined);
      return written;
    },
    async close() {
      await last;
    },
  };
}

async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a');
  } catch (error) {
    const remedy = 'name a file in a folder that can be written to';
    throw new LedgerError(
      'configuration',
      { operation: 'opening', subject: path, fact: reasonOf(error), remedy },
      { cause: error },
    );
  }
}
