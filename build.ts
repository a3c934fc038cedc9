/**
 * Bundles the programs into `dist/`: a process that starts from one file starts in half the time. What is imported only
 * when it is needed stays in files of its own. `npm run build`.
 */
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['functions/main.ts', 'functions/index.ts', 'lib/cli/main.ts'],
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  sourcemap: true,
  // Large, loaded by few commands, and it reads files of its own.
  external: ['@kubernetes/client-node'],
  // Packages in CommonJS call `require`, which modules do not have.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
});
chmodSync('dist/lib/cli/main.js', 0o755);
