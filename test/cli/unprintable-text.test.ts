import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerStatus, podObject, termination } from '../fixtures/pods.ts';
import { runCommand } from '../helpers/command.ts';
import { answering, startHttpStub } from '../helpers/http-stub.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('unprintable-');

/** Clears a terminal twice (with a C0 and a C1 control), reverses what follows, and begins another line. */
const hostile = 'a\u001b[2J\u009b2J\u202eb\nc\u2028d\u0007';
const escaped = 'a\\u{1b}[2J\\u{9b}2J\\u{202e}b\\nc\\u{2028}d\\u{7}';

function hostilePod(): string {
  const lastState = { terminated: { ...termination(), reason: hostile } };
  return JSON.stringify(
    podObject({
      metadata: {
        ownerReferences: [{ apiVersion: 'v1', kind: 'Job', name: hostile, uid: 'uid', controller: true }],
      },
      spec: { nodeName: hostile },
      status: { containerStatuses: [containerStatus({ image: hostile, lastState })] },
    }),
  );
}

test('the table of a replay escapes what a Pod brings', async () => {
  const parameters = ['replay', '--dry-run', '-'];
  const { code, stdout, stderr } = await runCommand(parameters, { TZ: 'UTC' }, hostilePod());
  const cells = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
  assert.deepEqual(
    [code, cells, stderr],
    [
      0,
      [
        'WHEN | WORKLOAD | CONTAINER | WHY | RAN',
        `2025-11-20 10:00:02 | shop/${escaped} | checkout #5 | ${escaped} (137) | 2m`,
        '1 workload, 1 restart · times in UTC',
        '1 record read: 1 with a restart (1 restart), 0 without a restart, 0 of another kind, 0 refused',
        '',
      ],
      '',
    ],
  );
});

test('refusals and the summary of a replay escape names of files', async () => {
  const path = folder.write(`refused/${hostile}.json`, '{"terminated":\n');
  const { code, stdout, stderr } = await runCommand(['replay', '--dry-run', '--quiet', path]);
  const shown = path.replace(hostile, escaped);
  assert.equal(code, 1);
  assert.match(stdout, /^1 record read: [^\n]*\n$/);
  assert.ok(stdout.endsWith(` 1 refused (${shown}:1)\n`), stdout);
  assert.match(stderr, /^refused [^\n]*\n$/);
  assert.ok(stderr.startsWith(`refused ${shown}:1: `), stderr);
});

test('a refusal escapes the answer of a server', async () => {
  await using stub = await startHttpStub(answering(400, `no ${hostile}`));
  const parameters = ['replay', '--quiet', '--pushgateway', stub.url, '-'];
  const { code, stderr } = await runCommand(parameters, { RETENTION: '0' }, hostilePod());
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^refused -:1: [^\n]* the gateway answered 400 \(no a\\u\{1b\}\[2J\\u\{9b\}2J\\u\{202e\}b c d\\u\{7\}\)[^\n]*\n$/,
  );
});

test('the error that ends a command, and what doctor finds, escape the answer of a server', async () => {
  await using stub = await startHttpStub(answering(403, `no ${hostile}`));
  const environment = { PUSHGATEWAY_URL: stub.url };
  const answer = '(no a\\u{1b}[2J\\u{9b}2J\\u{202e}b c d\\u{7})';
  const swept = await runCommand(['sweep'], environment);
  assert.deepEqual(swept, {
    code: 1,
    stdout: '',
    stderr: `restart-ledger: reading ${stub.url}/api/v1/status: the gateway answered 403 ${answer}; set PUSHGATEWAY_USERNAME and PUSHGATEWAY_PASSWORD_FILE, or PUSHGATEWAY_CREDENTIALS_FILE, to credentials that it accepts\n`,
  });
  const { stdout } = await runCommand(['doctor'], environment);
  assert.equal(
    stdout.split('\n')[0],
    `✗ Pushgateway       ${stub.url}/api/v1/status: the gateway answered 403 ${answer}; set PUSHGATEWAY_USERNAME and PUSHGATEWAY_PASSWORD_FILE, or PUSHGATEWAY_CREDENTIALS_FILE, to credentials that it accepts`,
  );
});
