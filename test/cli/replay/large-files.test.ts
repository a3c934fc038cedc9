import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crashLoopingPod, podObject } from '../../fixtures/pods.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { answering, startHttpStub } from '../../helpers/http-stub.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('large-files-');

function broken(index: number): string {
  return `{"terminated":${index}`;
}

/** A file of more than 32 MiB with the name of a compressed one is read in a thread of its own, standard input is not. */
const content = Buffer.from(
  Array.from({ length: 700 }, (_, index) => {
    const metadata = { name: `pod-${index % 300}`, annotations: { padding: 'x'.repeat(50_000) } };
    if (index % 50 === 7) return broken(index);
    return JSON.stringify(index % 3 === 0 ? crashLoopingPod(metadata) : podObject({ metadata }));
  }).join('\n'),
);
const path = folder.write('large.ndjson.gz', content);

for (const form of ['json', 'csv', 'wide']) {
  test(`replay -o ${form} shows of a large file what it shows of the same bytes on standard input`, async () => {
    assert.ok(content.length > 32 * 1024 * 1024);
    const rejects = [join(folder.path, 'rejects.file'), join(folder.path, 'rejects.stream')];
    const run = (file: string, kept: string | undefined, input: Buffer | string) =>
      runCommand(['replay', '--dry-run', '-o', form, '--rejects', kept ?? '', file], {}, input);
    const ofFile = await run(path, rejects[0], '');
    const ofStream = await run('-', rejects[1], content);
    assert.deepEqual(
      { ...ofFile, stdout: ofFile.stdout.replaceAll(path, '-'), stderr: ofFile.stderr.replaceAll(path, '-') },
      ofStream,
    );
    assert.match(ofFile.stderr + ofFile.stdout, /700 records read: 229 with a restart \(\d+ restarts\)/);
    const [kept, expected] = rejects.map((file) => readFileSync(file, 'utf8'));
    assert.equal(kept, expected);
    assert.equal(kept, Array.from({ length: 14 }, (_, index) => `${broken(index * 50 + 7)}\n`).join(''));
  });
}

test('history reads of a large file what it reads of the same bytes in smaller ones', async () => {
  const lines = content.toString().split('\n');
  const parts = [0, 1].map((half) =>
    folder.write(`half-${half}.ndjson`, lines.slice(half * 350, (half + 1) * 350).join('\n')),
  );
  const ofFile = await runCommand(['history', '-o', 'json', path]);
  const ofParts = await runCommand(['history', '-o', 'json', ...parts]);
  assert.equal(ofFile.stdout, ofParts.stdout);
  assert.ok(ofFile.stdout.split('\n').length > 90);
});

test('Ctrl-C ends the replay of a large file, with the summary of what was read', async () => {
  await using gone = await startHttpStub(answering(503));
  await using command = startCommand(
    ['replay', path, '--pushgateway', gone.url, '--retry-for', '1h', '--quiet'],
    { RETENTION: '0' },
  );
  await eventually(() => assert.match(command.stderr(), /^retrying for up to 1h: pushing to /m));
  command.kill('SIGINT');
  const { code, stdout } = await command.ended;
  assert.equal(code, 1);
  assert.match(stdout, /^stopped early: \d{1,2} records read: 0 recorded \(0 restarts\), /);
});
