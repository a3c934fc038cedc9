import { statSync } from 'node:fs';

/**
 * Changes with a file, also where Kubernetes leads a link to another one.
 *
 * @throws what the file system says of a file that is not there.
 */
export function fileVersion(path: string): string {
  const { ino, mtimeNs, size } = statSync(path, { bigint: true });
  return `${ino} ${mtimeNs} ${size}`;
}
