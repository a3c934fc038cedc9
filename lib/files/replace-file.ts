import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** A file that is being written. Until it is committed, its name refers to the previous file. */
export interface FileReplacement extends AsyncDisposable {
  readonly stream: Writable;
  /** Ends the stream, and gives the file its name. Rejects when it could not be written: the previous file stays. */
  commit(): Promise<void>;
}

/**
 * Writes a file beside the one that it replaces; disposed of before it is committed, nothing is left of it. What is not
 * a file, as a pipe or `/dev/stdout`, is written to directly.
 *
 * @throws the error of the file system for a folder or a file that cannot be written to.
 */
export async function replaceFile(path: string): Promise<FileReplacement> {
  // What a link leads to is replaced, not the link.
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => undefined);
  if (path.startsWith('/dev/') || (before !== undefined && !before.isFile())) {
    return replacement(await open(path, 'w'));
  }
  // So that a failure names the folder, and not the file that is made in it.
  await access(dirname(target), constants.W_OK);
  // Renaming needs no permission to write to the file, but replacing its content does.
  if (before !== undefined) await access(target, constants.W_OK);
  const beside = `${target}.${randomUUID().slice(0, 8)}.partial`;
  return replacement(await open(beside, 'wx', before?.mode), { beside, target });
}

function replacement(
  handle: FileHandle,
  names?: { readonly beside: string; readonly target: string },
): FileReplacement {
  const stream = handle.createWriteStream();
  // A failure is reported by commit(); without a listener it would end the process before.
  stream.on('error', () => {});
  let isCommitted = false;
  return {
    stream,
    async commit() {
      await finished(stream.end());
      if (names) await rename(names.beside, names.target);
      isCommitted = true;
    },
    async [Symbol.asyncDispose]() {
      if (isCommitted) return;
      stream.destroy();
      if (names) await rm(names.beside, { force: true });
    },
  };
}
