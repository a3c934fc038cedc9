import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../../build/bundle.ts';
import { bundledPackages, packageFolder } from '../../build/bundled-packages.ts';
import { licenceTexts } from '../../build/licences.ts';
import { browserPackages } from '../../lib/timeline/browser-code.ts';

const { metafile } = await bundle('unwritten', { write: false });
const folders = [...bundledPackages(metafile), ...(await browserPackages())];

function nameOf(folder: string): string {
  return folder.replace(/^.*node_modules\//, '');
}

/** The files that are loaded at once when a module of the sources is; what is imported only when it is needed is not. */
function filesAtStart(module: string): ReadonlySet<string> {
  const loaded = new Set<string>();

  function load(output: string): void {
    if (loaded.has(output)) return;
    loaded.add(output);
    for (const { path, kind, external } of metafile.outputs[output]?.imports ?? []) {
      if (kind !== 'dynamic-import' && !external) load(path);
    }
  }

  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === module) ?? [];
  assert.ok(entry);
  load(entry);
  return loaded;
}

/** The packages in these files. */
function packagesAtStart(program: string): readonly string[] {
  const packages = new Set<string>();
  for (const output of filesAtStart(program)) {
    for (const input of Object.keys(metafile.outputs[output]?.inputs ?? {})) {
      const folder = packageFolder(input);
      if (folder !== undefined) packages.add(nameOf(folder));
    }
  }
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
        'string-width',
        'cli-progress',
        'yaml',
        'cloudevents',
        'undici',
        'jose',
        'p-map',
        '@opentelemetry/sdk-trace',
        '@opentelemetry/otlp-exporter-base',
      ].filter((name) => packages.includes(name)),
      [],
    );
  });
}

test('a push loads the connections of undici, and neither its fetch nor its mocks', () => {
  const files = filesAtStart('lib/pushgateway/connections.ts');
  const modules = [...files].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
  const parts = ['dispatcher/pool.js', 'dispatcher/client.js', 'web/fetch/index.js', 'mock/mock-agent.js'];
  assert.deepEqual(
    parts.filter((part) => modules.includes(`node_modules/undici/lib/${part}`)),
    ['dispatcher/pool.js', 'dispatcher/client.js'],
  );
});

test('the exporter of traces is at most 300 kB, and loaded by itself', () => {
  assert.ok(packagesAtStart('lib/observability/tracing.ts').includes('@opentelemetry/otlp-exporter-base'));
  const others = filesAtStart('functions/main.ts');
  const own = [...filesAtStart('lib/observability/tracing.ts')].filter((file) => !others.has(file));
  const bytes = own.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
  assert.ok(bytes > 50_000 && bytes <= 300_000, `${own.join(', ')}: ${bytes} bytes`);
});

for (const program of ['functions/start.ts', 'lib/cli/start.ts', 'lib/cli/kubectl-restarts.ts']) {
  test(`${program} loads no package before it has checked the version of Node.js`, () => {
    assert.deepEqual(packagesAtStart(program), []);
  });
}

test('every package is bundled in one version', () => {
  const names = folders.map(nameOf);
  for (const name of ['undici', '@kubernetes/client-node', 'd3-zoom']) assert.ok(names.includes(name), name);
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
