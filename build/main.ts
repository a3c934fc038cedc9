/** Builds `dist/`: the programs, the licences of what is bundled in them, the types of the function module. `npm run build`. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { browserPackages } from '../lib/timeline/browser-code.ts';
import { bundle } from './bundle.ts';
import { bundledPackages } from './bundled-packages.ts';
import { writeDeclarations } from './declarations.ts';
import { licenceTexts } from './licences.ts';

rmSync('dist', { recursive: true, force: true });
const { metafile } = await bundle('dist');
for (const program of ['main', 'kubectl-restarts']) chmodSync(`dist/lib/cli/${program}.js`, 0o755);
const packages = [...bundledPackages(metafile), ...(await browserPackages())];
writeFileSync('dist/THIRD-PARTY-LICENSES', licenceTexts(packages));
writeDeclarations('functions/index.ts', 'dist');
