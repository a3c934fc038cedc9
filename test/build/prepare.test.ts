import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { findOldNode } from '../helpers/old-node.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('prepare-');

test('without the development dependencies nothing is built, on any Node.js', () => {
  for (const program of [process.execPath, findOldNode()?.program ?? process.execPath]) {
    const { status, stdout, stderr } = spawnSync(program, [resolve('build/prepare.js')], {
      cwd: folder.path,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  }
});
