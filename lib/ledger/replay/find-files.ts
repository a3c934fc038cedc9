import { expandPath } from '../../files/expand-paths.ts';
import type { InputFile } from '../../files/input-file.ts';
import { type Refusal, unreadable } from './replay.ts';

/** The files that paths stand for; a path that stands for none is refused, and the others are still found. */
export async function findFiles(
  paths: readonly string[],
  onRefused: (refusal: Refusal) => void,
): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    try {
      const found = await expandPath(path);
      if (found.length === 0) throw new Error('no file matches');
      files.push(...found);
    } catch (error) {
      onRefused({ where: path, failure: unreadable(path, error), text: undefined });
    }
  }
  return files;
}
