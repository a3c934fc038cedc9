import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { listAt } from './value-at.ts';

/** The flags with which a manifest starts its service, without those named `except`, which depend on the environment. */
export function containerFlags(manifest: string, except: readonly string[]): readonly string[] {
  const content: unknown = parse(readFileSync(manifest, 'utf8'));
  return listAt(content, 'spec.template.spec.containers.0.args')
    .map(String)
    .filter((flag) => !except.some((name) => flag.startsWith(`${name}=`)));
}
