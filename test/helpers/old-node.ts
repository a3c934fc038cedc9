import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isSupported } from '../../lib/supported-node.ts';

export interface OldNode {
  readonly program: string;
  readonly version: string;
}

/** A Node.js of this machine that is too old for the product. A missing one is reported on standard error. */
export function findOldNode(): OldNode | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  for (const program of new Set(folders.map((folder) => join(folder, 'node')))) {
    const version = existsSync(program) ? versionOf(program) : undefined;
    if (version !== undefined && !isSupported(version)) return { program, version };
  }
  process.stderr.write('SKIPPED, not tested on this machine: there is no Node.js that is too old\n');
  return undefined;
}

function versionOf(program: string): string {
  return execFileSync(program, ['--print', 'process.versions.node'], { encoding: 'utf8' }).trim();
}
