import { glob, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file to read. `size` is in bytes, `undefined` for standard input. */
export interface FoundFile {
  readonly path: string;
  readonly size: number | undefined;
  /** Named by itself, not found in a directory or by a pattern. */
  readonly named: boolean;
}

/**
 * The files that paths stand for: `-` for standard input, a directory for all files below it, a pattern for what it
 * matches, each in the order of their names.
 *
 * @throws what the file system says of a path that is not there; a pattern without a match counts as such a path.
 */
export async function expandPath(path: string): Promise<readonly FoundFile[]> {
  if (path === '-') return [{ path, size: undefined, named: true }];
  const status = await stat(path).catch((error: unknown) => {
    if (/[*?[{]/.test(path)) return undefined;
    throw error;
  });
  if (status === undefined) return await existing((await Array.fromAsync(glob(path))).toSorted());
  if (!status.isDirectory()) return [{ path, size: status.size, named: true }];
  const entries = await readdir(path, { recursive: true });
  return await existing(entries.toSorted().map((entry) => join(path, entry)));
}

async function existing(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  for (const path of paths) {
    const status = await stat(path);
    if (status.isFile()) files.push({ path, size: status.size, named: false });
  }
  return files;
}
