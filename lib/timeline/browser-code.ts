import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** What the page runs in the browser. */
export interface BrowserCode {
  readonly script: string;
  readonly style: string;
}

/**
 * The browser's part of the page, bundled from its sources. The build runs this once, and puts its result in the place of this
 * module (build/inline-browser-code.ts): `dist/` neither contains a bundler nor reads a file.
 */
export async function browserCode(): Promise<BrowserCode> {
  const { outputFiles, metafile } = await bundled();
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const folders = packageFolders(metafile).map((folder) => join(import.meta.dirname, folder));
  // A copy of a package must be accompanied by its licence; a report is a copy.
  return { script: `/*\n${licenceNotice(folders)}*/\n${text('.js')}`, style: text('.css') };
}

/** The folders of the packages that are in the script, relative to that of the project. */
export async function browserPackages(): Promise<readonly string[]> {
  const { metafile } = await bundled();
  return packageFolders(metafile).map((folder) => folder.replace(/^.*(?=node_modules\/)/, ''));
}

function bundled() {
  return build({
    absWorkingDir: import.meta.dirname,
    entryPoints: { script: 'browser/main.ts', style: 'timeline-page.css' },
    outdir: '.',
    alias: { 'd3-transition': './browser/no-transition.ts' },
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    metafile: true,
  });
}

function packageFolders({ inputs }: Metafile): readonly string[] {
  const folders = Object.keys(inputs).flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [],
  );
  return [...new Set(folders)].toSorted();
}

/** The licences of packages, those that differ in the packages and holders alone written once. */
function licenceNotice(folders: readonly string[]): string {
  const holders = new Map<string, string[]>();
  for (const folder of folders) {
    const file = ['LICENSE', 'LICENSE.md', 'license'].map((name) => join(folder, name)).find(existsSync);
    if (file === undefined) throw new Error(`${folder} holds no licence`);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const isHolder = (line: string) => /^Copyright\b/.test(line);
    const body = lines
      .filter((line) => !isHolder(line))
      .join('\n')
      .trim();
    const name = folder.replace(/^.*node_modules\//, '');
    holders.set(body, [...(holders.get(body) ?? []), `${name}: ${lines.filter(isHolder).join(', ')}`]);
  }
  return [...holders].map(([body, names]) => `${names.join('\n')}\n\n${body}\n`).join('\n');
}
