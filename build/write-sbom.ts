/** Writes `dist/sbom.cdx.json`, the CycloneDX bill of materials of what `dist/` bundles. `npm run sbom`, after `npm run build`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { bundledPackages } from './bundled-packages.ts';
import { bundledSbom } from './sbom.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

function manifestIn(folder: string): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return manifest;
}

const { metafile } = await bundle('dist', { write: false });
const bundled = bundledPackages(metafile).map((folder) => {
  const { name, version } = manifestIn(folder);
  return `${name}@${version}`;
});
const listed = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
writeFileSync('dist/sbom.cdx.json', bundledSbom(listed, manifestIn('.').name, bundled));
