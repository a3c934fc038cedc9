import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const original = readFileSync('package.json', 'utf8');

function run(step: 'write' | 'restore', folder: string): void {
  execFileSync(process.execPath, [resolve('build/published-manifest.ts'), step], { cwd: folder });
}

test('the published manifest has no dependencies, and the original is restored, also after an interrupted pack', () => {
  const folder = temporaryFolder('manifest-');
  const path = folder.write('package.json', original);
  run('write', folder.path);
  run('write', folder.path);
  const published: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  const { dependencies, devDependencies, allowScripts, ...kept }: Record<string, unknown> =
    JSON.parse(original);
  assert.deepEqual(published, {
    ...kept,
    scripts: {
      start: 'node --max-semi-space-size=4 dist/functions/main.js',
      demo: 'node dist/lib/cli/main.js demo',
    },
  });
  run('restore', folder.path);
  run('restore', folder.path);
  assert.equal(readFileSync(join(folder.path, 'package.json'), 'utf8'), original);
  assert.deepEqual(readdirSync(folder.path), ['package.json']);
});
