import { glob, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputFile } from './input-file.ts';
import { identityOf } from './same-file.ts';

/**
 * The files that paths stand for: `-` for standard input, a directory for all files below it, a pattern for what it
 * matches, each in the order of their names.
 *
 * @throws what the file system says of a path that is not there; a pattern without a match counts as such a path.
 */
export async function expandPath(path: string): Promise<readonly InputFile[]> {
  if (path === '-') return [{ path, size: undefined, named: true, expected: true }];
  const status = await stat(path).catch((error: unknown) => {
    if (/[*?[{]/.test(path)) return undefined;
    throw error;
  });
  if (status === undefined) return await existing((await Array.fromAsync(glob(path))).toSorted());
  if (!status.isDirectory())
    return [{ path, size: status.isFile() ? status.size : undefined, named: true, expected: true }];
  const entries = await entriesBelow(path, '', new Set([identityOf(status)]));
  return await existing(entries.toSorted().map((entry) => join(path, entry)));
}

/**
 * The paths below a directory, relative to it. A directory that several links lead to, or a link back to a parent, is
 * read once.
 */
async function entriesBelow(root: string, folder: string, visited: Set<string>): Promise<readonly string[]> {
  const paths: string[] = [];
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const status =
      entry.isDirectory() || entry.isSymbolicLink()
        ? await stat(join(root, path)).catch(() => undefined)
        : undefined;
    if (!status?.isDirectory()) paths.push(path);
    else if (!visited.has(identityOf(status))) {
      visited.add(identityOf(status));
      paths.push(...(await entriesBelow(root, path, visited)));
    }
  }
  return paths;
}

async function existing(paths: readonly string[]): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    const status = await stat(path).catch(() => undefined);
    // A dangling link is kept: reading it reports the error, and the others are read.
    if (status !== undefined && !status.isFile()) continue;
    const expected = /\.(?:json|jsonl|ndjson|ya?ml)(?:\.(?:gz|zst))?$/.test(path);
    files.push({ path, size: status?.size ?? 0, named: false, expected });
  }
  return files;
}
