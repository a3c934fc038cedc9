import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runCommand } from '../../helpers/command.ts';

test('the demo ends with 0 and prints what the README shows', async () => {
  const { code, stdout, stderr } = await runCommand(['demo'], {
    PUSHGATEWAY_URL: 'http://not.to.be.used:9091',
  });
  const readme = await readFile('README.md', 'utf8');
  const [, shown = ''] = /```text\n(function[^`]*)```/.exec(readme) ?? [];
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(withoutPorts(stdout), withoutPorts(shown));
});

/** Ports differ where the usual ones are taken. */
function withoutPorts(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
}
