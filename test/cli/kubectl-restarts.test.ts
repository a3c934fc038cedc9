import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../helpers/command.ts';
import { runAskedCommand } from '../helpers/history.ts';

const plugin = 'lib/cli/kubectl-restarts.ts';

test('kubectl restarts is the history, and the other commands are there under their names', async () => {
  const options = ['-n', 'orders', 'examples/sidecar.json'];
  const direct = await runAskedCommand(['history', ...options]);
  assert.equal(direct.code, 0);
  assert.deepEqual(await runAskedCommand(options, {}, plugin), direct);
  const replay = await runAskedCommand(['replay', '--dry-run', 'examples/sidecar.json'], {}, plugin);
  assert.match(replay.stdout, /\n6 records read: 6 with a restart/);
});

test('its help and its messages name it as it was called', async () => {
  const help = await runAskedCommand(['--help'], {}, plugin);
  assert.match(help.stdout, /^Usage: kubectl restarts \[options\] \[command\]\n/);
  const { code, stderr } = await runAskedCommand(['--top', 'many', 'examples'], {}, plugin);
  assert.equal(code, 2);
  assert.match(stderr, /^kubectl restarts: reading the option --top/);
  assert.match((await runCommand(['--help'])).stdout, /^Usage: restart-ledger \[options\] \[command\]\n/);
});
