import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Writes the types of a module and of the modules that its types refer to, as `.d.ts` files at the same paths below
 * `folder`.
 *
 * @throws Error when the module or one that it imports does not compile.
 */
export function writeDeclarations(module: string, folder: string): void {
  const emitted = mkdtempSync(join(tmpdir(), 'declarations-'));
  try {
    emitDeclarations(emitted);
    const written = new Set<string>();
    const write = (path: string) => {
      if (written.has(path)) return;
      written.add(path);
      const text = readFileSync(join(emitted, path), 'utf8');
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text.replaceAll(relativeImport, "$1$2.js'"));
      for (const [, , imported] of text.matchAll(relativeImport)) {
        write(join(dirname(path), `${imported}.d.ts`));
      }
    };
    write(module.replace(/\.ts$/, '.d.ts'));
  } finally {
    rmSync(emitted, { recursive: true });
  }
}

/** The start of an import, and its path without the extension. */
const relativeImport = /((?:from |import\()')(\.[^']*)\.ts'/g;

function emitDeclarations(folder: string): void {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', folder];
  execFileSync(
    process.execPath,
    [join(dirname(compiler), 'bin/tsc'), '--project', 'tsconfig.build.json', ...options],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
}
