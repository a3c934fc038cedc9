import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** The npm package that `npm pack` creates from a copy of the project, installed in an empty project. */
export interface PackedPackage {
  readonly tarballBytes: number;
  /** The paths in the tarball, sorted. */
  readonly files: readonly string[];
  /** The project that it is installed in. */
  readonly project: string;
  /** The package below the project's `node_modules`. */
  readonly home: string;
}

/** Packs and installs below `folder`, without the network: that succeeds only where installing pulls nothing else. */
export function packAndInstall(folder: string): PackedPackage {
  const copy = join(folder, 'copy');
  const left = new Set(['node_modules', 'dist', '.git']);
  cpSync('.', copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  const printed = npm(copy, 'pack', '--json', '--pack-destination', folder);
  const [packed] = Object.values(readJson<Record<string, Packed>>(printed.slice(printed.search(/^[[{]/m))));
  if (packed === undefined) throw new Error(`npm pack printed ${printed}`);

  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename));
  return {
    tarballBytes: packed.size,
    files: packed.files.map(({ path }) => path).toSorted(),
    project,
    home: join(project, 'node_modules', packed.name),
  };
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

function npm(folder: string, ...parameters: string[]): string {
  return execFileSync('npm', parameters, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function readJson<T>(text: string): T {
  const value: T = JSON.parse(text);
  return value;
}
