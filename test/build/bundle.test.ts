import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../../build/bundle.ts';
import { bundledPackages, packageFolder } from '../../build/bundled-packages.ts';
import { licenceTexts } from '../../build/licences.ts';

const { metafile } = await bundle('unwritten', { write: false });
const folders = bundledPackages(metafile);

function nameOf(folder: string): string {
  return folder.replace(/^.*node_modules\//, '');
}

/** The packages that are loaded at once when the program starts; what is imported only when it is needed is not. */
function packagesAtStart(program: string): readonly string[] {
  const packages = new Set<string>();
  const loaded = new Set<string>();

  function load(output: string): void {
    if (loaded.has(output)) return;
    loaded.add(output);
    const { inputs = {}, imports = [] } = metafile.outputs[output] ?? {};
    for (const input of Object.keys(inputs)) {
      const folder = packageFolder(input);
      if (folder !== undefined) packages.add(nameOf(folder));
    }
    for (const { path, kind, external } of imports) {
      if (kind !== 'dynamic-import' && !external) load(path);
    }
  }

  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === program) ?? [];
  assert.ok(entry);
  load(entry);
  return [...packages].sort();
}

for (const program of ['functions/main.ts', 'functions/index.ts']) {
  test(`${program}: the path of a Pod event loads neither the Kubernetes client nor a library of the command line`, () => {
    const packages = packagesAtStart(program);
    assert.ok(packages.includes('@opentelemetry/api'));
    assert.deepEqual(
      [
        '@kubernetes/client-node',
        'commander',
        'cli-table3',
        'cli-progress',
        'yaml',
        'cloudevents',
        'undici',
        'jose',
        'p-map',
      ].filter((name) => packages.includes(name)),
      [],
    );
  });
}

for (const program of ['functions/start.ts', 'lib/cli/start.ts']) {
  test(`${program} loads no package before it has checked the version of Node.js`, () => {
    assert.deepEqual(packagesAtStart(program), []);
  });
}

test('every package is bundled in one version', () => {
  const names = folders.map(nameOf);
  assert.ok(names.includes('undici') && names.includes('@kubernetes/client-node'));
  assert.deepEqual(names, [...new Set(names)]);
});

test('the bundle imports nothing but itself and the modules of Node.js', () => {
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external, path }) => external === true && !isBuiltin(path)).map(({ path }) => path),
  );
  assert.deepEqual(imported, []);
});

test('the licence of every bundled package is known', () => {
  const [, ...texts] = licenceTexts(folders).split(/^={80}\n/m);
  const packages = folders.map((folder) => {
    const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${manifest['name']} ${manifest['version']} (${manifest['license']})`;
  });
  assert.deepEqual(
    texts.map((text) => text.slice(0, text.indexOf('\n'))),
    packages,
  );
  // The shortest licence in use has some 700 characters.
  assert.deepEqual(
    texts.filter((text) => text.length < 600),
    [],
  );
});
