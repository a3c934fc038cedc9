import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folders of the PATH. */
export const pathFolders: readonly string[] = (process.env['PATH'] ?? '').split(delimiter);

/** The path of a program in the first of the folders that has it; `undefined` when none has. */
export function findProgram(name: string, folders: readonly string[] = pathFolders): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
