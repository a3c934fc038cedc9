import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTokenFile } from '../../lib/access/token-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('token-file-');
const remedy = 'give a file with one bearer token in SINK_TOKEN_FILE';

test('the token is read again when the file has changed, in place or by another file', () => {
  const path = folder.write('rotated', 'first\n');
  const file = openTokenFile(path, 'SINK_TOKEN_FILE');
  assert.equal(file.read('configuration'), 'first');
  assert.equal(file.read('configuration'), 'first');
  folder.write('rotated', 'second');
  assert.equal(file.read('configuration'), 'second');
  renameSync(folder.write('next', ' third \n'), path);
  assert.equal(file.read('configuration'), 'third');
  rmSync(path);
  assert.throws(() => file.read('sink-unavailable'), { kind: 'sink-unavailable' });
  folder.write('rotated', 'fourth');
  assert.equal(file.read('configuration'), 'fourth');
});

for (const [what, content, fact] of [
  ['empty', ' \n', 'it is empty'],
  ['of two words', 'hunter 2', 'it does not hold one word of visible ASCII'],
  ['of two lines', 'hunter\n2', 'it does not hold one word of visible ASCII'],
  ['binary', 'hunter\0', 'it does not hold one word of visible ASCII'],
] as const)
  test(`a file that is ${what} is refused, and its content is not shown`, () => {
    const path = folder.write(`refused-${what}`, content);
    assert.throws(() => openTokenFile(path, 'SINK_TOKEN_FILE').read('configuration'), {
      kind: 'configuration',
      message: `reading ${path}: ${fact}; ${remedy}`,
    });
  });

test('a file that is missing, or a folder, is refused', () => {
  const missing = join(folder.path, 'missing');
  assert.throws(() => openTokenFile(missing, 'SINK_TOKEN_FILE').read('configuration'), {
    kind: 'configuration',
    message: `reading ${missing}: ENOENT: no such file or directory, stat '${missing}'; ${remedy}`,
  });
  assert.throws(() => openTokenFile(folder.path, 'SINK_TOKEN_FILE').read('configuration'), {
    kind: 'configuration',
    message: `reading ${folder.path}: EISDIR: illegal operation on a directory, read; ${remedy}`,
  });
});
