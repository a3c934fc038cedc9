import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { crashLoopingPod } from '../../fixtures/pods.ts';
import { runCommand } from '../../helpers/command.ts';
import { shownBy } from '../../helpers/replay.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('replay-outputs-');
const pods = `${JSON.stringify(crashLoopingPod({ name: 'a' }))}\n{"terminated":\n`;

/** A folder with the input `pods`, a link and a second name of it. */
function input(name: string): string {
  const path = folder.write(`${name}/pods`, pods);
  symlinkSync('pods', join(dirname(path), 'link'));
  linkSync(path, join(dirname(path), 'name'));
  return path;
}

test('an output that is an input is invalid usage, and the input is kept', async () => {
  const path = input('refused');
  const cases: readonly (readonly string[])[] = [
    ['--dry-run', '--rejects', path, path],
    ['--openmetrics', path, path],
    ['--dry-run', '--rejects', join(dirname(path), 'link'), path],
    ['--openmetrics', path, join(dirname(path), 'name')],
    ['--dry-run', '--rejects', path, dirname(path)],
  ];
  for (const parameters of cases) {
    const { code, stdout, stderr } = await runCommand(['replay', ...parameters]);
    assert.deepEqual([code, stdout], [2, ''], parameters.join(' '));
    assert.match(
      stderr,
      /reading the option --(rejects|openmetrics): .* is the input .*; name another file\n$/,
    );
    assert.equal(readFileSync(path, 'utf8'), pods);
  }
  const piped = '"$0" lib/cli/main.ts replay --dry-run --rejects "$1" - < "$1"';
  await assert.rejects(promisify(execFile)('sh', ['-c', piped, process.execPath, path]), { code: 2 });
  assert.equal(readFileSync(path, 'utf8'), pods);
});

test('two outputs that are one file are invalid usage', async () => {
  const path = input('twice');
  const output = join(dirname(path), 'output');
  const { code } = await runCommand(['replay', '--openmetrics', output, '--rejects', output, path]);
  assert.deepEqual([code, readdirSync(dirname(path))], [2, ['link', 'name', 'pods']]);
});

test('an output replaces an existing file, also through a symbolic link, and keeps its mode', async () => {
  const path = input('replaced');
  const rejects = folder.write('replaced/rejects', 'what was there before');
  writeFileSync(rejects, 'what was there before', { mode: 0o600 });
  symlinkSync(rejects, join(dirname(path), 'to-rejects'));
  const before = statSync(rejects);
  assert.equal((await shownBy([path], { rejects: join(dirname(path), 'to-rejects') })).code, 1);
  assert.equal(readFileSync(rejects, 'utf8').trimEnd(), '{"terminated":');
  assert.notEqual(statSync(rejects).ino, before.ino);
  assert.equal(statSync(rejects).mode, before.mode);
  assert.deepEqual(readdirSync(dirname(path)), ['link', 'name', 'pods', 'rejects', 'to-rejects']);
});

test('an output may be a device', async () => {
  assert.equal((await shownBy([input('device')], { rejects: '/dev/null' })).code, 1);
  assert.equal(statSync('/dev/null').isCharacterDevice(), true);
  const piped = '"$0" lib/cli/main.ts replay --openmetrics /dev/stdout examples/sidecar.json | cat';
  const { stdout } = await promisify(execFile)('sh', ['-c', piped, process.execPath]);
  assert.match(stdout, /^# HELP .*\n(?:.*\n)*# EOF\n/);
});

test('a directory with cyclic symbolic links is read once', async () => {
  folder.write('loop/a/pods.json', JSON.stringify(crashLoopingPod({ name: 'a' })));
  symlinkSync('..', join(folder.path, 'loop/a/up'));
  symlinkSync('.', join(folder.path, 'loop/self'));
  symlinkSync('a', join(folder.path, 'loop/b'));
  mkdirSync(join(folder.path, 'elsewhere'));
  folder.write('elsewhere/pods.json', JSON.stringify(crashLoopingPod({ name: 'b' })));
  symlinkSync('../elsewhere', join(folder.path, 'loop/elsewhere'));
  const { code, restarts, messages } = await shownBy([join(folder.path, 'loop')]);
  assert.deepEqual([code, restarts.length], [0, 2]);
  assert.match(messages.at(-1) ?? '', /^2 records read: 2 with a restart/);
});
