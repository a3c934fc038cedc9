import { fstatSync, type Stats, statSync } from 'node:fs';
import type { InputFile } from './input-file.ts';

/**
 * The input, if any, that an output would overwrite: the same file on the disk, by whatever name or link.
 * A path that does not exist yet is none of them.
 */
export function inputAt(output: string, inputs: readonly InputFile[]): string | undefined {
  const written = fileAt(output);
  if (written === undefined) return undefined;
  return inputs.find(({ path }) => {
    const read = fileAt(path);
    return read !== undefined && identityOf(read) === identityOf(written);
  })?.path;
}

/** Device and inode: the same for all names of one file or directory. */
export function identityOf({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

function fileAt(path: string): Stats | undefined {
  try {
    const status = path === '-' ? fstatSync(0) : statSync(path);
    return status.isFile() ? status : undefined;
  } catch {
    return undefined;
  }
}
