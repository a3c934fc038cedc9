import { execFileSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { missing } from './real-services.ts';
import { textAt } from './value-at.ts';

/**
 * The command that builds a kustomization: `kubectl kustomize` where kubectl is new enough to know components, else `kustomize
 * build`.
 */
function builder(): readonly [program: string, verb: string] {
  try {
    const version: unknown = JSON.parse(execute('kubectl', ['version', '--client', '--output=json']));
    // Before kustomize 4.5 kubectl did not print its version, and Debian's kubectl contains 2.0.3.
    if (/^v[5-9]\./.test(textAt(version, 'kustomizeVersion'))) return ['kubectl', 'kustomize'];
  } catch {
    // No kubectl, or one that does not print it.
  }
  return ['kustomize', 'build'];
}

const [program, verb] = builder();

/** For the `skip` option of a test, like `missing()`. */
export function missingKustomize(): string | false {
  return missing(program);
}

/** Every object of the kustomization in `folder`, parsed, in the order of the build. */
export function buildKustomization(folder: string): readonly unknown[] {
  return parseAllDocuments(execute(program, [verb, folder])).map((document): unknown => document.toJS());
}

function execute(file: string, parameters: readonly string[]): string {
  return execFileSync(file, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
