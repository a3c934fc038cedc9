/**
 * Leaves out of `package.json`, while the package is packed, what only a clone needs: the dependencies, which are bundled, and
 * the scripts of development. Installing the package then pulls no other. npm calls it as prepack (`write`) and as
 * postpack (`restore`).
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

interface Manifest extends Readonly<Record<string, unknown>> {
  readonly scripts: Readonly<Record<string, string>>;
}

const manifest = 'package.json';
const original = 'package.json.original';

// A pack that was interrupted has left the original behind.
if (existsSync(original)) renameSync(original, manifest);
if (process.argv[2] === 'write') {
  const text = readFileSync(manifest, 'utf8');
  const { dependencies, devDependencies, allowScripts, scripts, ...published }: Manifest = JSON.parse(text);
  const { start, demo } = scripts;
  writeFileSync(original, text);
  writeFileSync(manifest, `${JSON.stringify({ ...published, scripts: { start, demo } }, null, 2)}\n`);
}
