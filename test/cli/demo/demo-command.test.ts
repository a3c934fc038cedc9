import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { runCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('demo-');

test('the demo ends with 0 and prints what the README shows', async () => {
  const { code, stdout, stderr } = await runCommand(['demo'], {
    PUSHGATEWAY_URL: 'http://not.to.be.used:9091',
  });
  const readme = await readFile('README.md', 'utf8');
  const [, shown = ''] = /```text\n(function[^`]*)```/.exec(readme) ?? [];
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(withoutPorts(stdout), withoutPorts(shown));
});

test('the demo runs in a folder whose name has special characters', async () => {
  const root = join(folder.path, '100% #1 %20');
  for (const part of ['lib', 'functions', 'examples', 'package.json']) {
    await cp(part, join(root, part), { recursive: true });
  }
  await symlink(await realpath('node_modules'), join(root, 'node_modules'));
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'lib/cli/main.ts'), 'demo']);
  assert.match(stdout, /restarts recorded at/);
});

/** Ports differ where the usual ones are taken. */
function withoutPorts(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
}
