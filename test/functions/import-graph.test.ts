import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';

/** The packages that are loaded at once when the program starts; what is imported only when it is needed is not. */
async function packagesAtStart(program: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [program],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outdir: 'unwritten',
    write: false,
    metafile: true,
    external: ['@kubernetes/client-node'],
    logLevel: 'silent',
  });
  const packages = new Set<string>();
  const loaded = new Set<string>();

  function load(output: string): void {
    if (loaded.has(output)) return;
    loaded.add(output);
    const { inputs = {}, imports = [] } = metafile.outputs[output] ?? {};
    for (const input of Object.keys(inputs)) {
      const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
      if (name !== undefined) packages.add(name);
    }
    for (const { path, kind, external } of imports) {
      if (kind === 'dynamic-import') continue;
      if (external) packages.add(path);
      else load(path);
    }
  }

  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === program) ?? [];
  assert.ok(entry);
  load(entry);
  return [...packages].sort();
}

test('the way of a Pod event loads neither the Kubernetes client nor a library of the command line', async () => {
  const packages = await packagesAtStart('functions/main.ts');
  assert.ok(packages.includes('prom-client') && packages.includes('pino'));
  assert.deepEqual(
    [
      '@kubernetes/client-node',
      'commander',
      'cli-table3',
      'cli-progress',
      'yaml',
      'cloudevents',
      'undici',
      'p-map',
    ].filter((name) => packages.includes(name)),
    [],
  );
});
