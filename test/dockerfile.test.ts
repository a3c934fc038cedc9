import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { binary, podEvent } from './fixtures/pod-events.ts';
import { containerStatus, podObject, termination } from './fixtures/pods.ts';
import { executeDockerfile } from './helpers/dockerfile.ts';
import { startProcess } from './helpers/function-process.ts';
import { startHttpStub } from './helpers/http-stub.ts';
import { send } from './helpers/send.ts';

const terminated = termination({ reason: 'Error', exitCode: 1 });
const status = containerStatus({ restartCount: 1, lastState: { terminated } });
const pod = podObject({ status: { containerStatuses: [status] } });

suite('the image that the Dockerfile builds from a clean folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  after(() => rmSync(folder, { recursive: true }));
  const image = executeDockerfile('Dockerfile', '.', folder);
  const home = join(image.root, image.workingDirectory);

  test('adds what runs to its base and nothing else, at most 12 MB', () => {
    assert.deepEqual(readdirSync(image.root), ['app']);
    assert.deepEqual(readdirSync(home).toSorted(), ['LICENSE', 'dist', 'package.json']);
    assert.deepEqual(readdirSync(join(home, 'dist')).toSorted(), [
      'THIRD-PARTY-LICENSES',
      'chunks',
      'functions',
      'lib',
      'sbom.cdx.json',
    ]);
    const bytes = readdirSync(image.root, { recursive: true, encoding: 'utf8' })
      .map((path) => statSync(join(image.root, path)))
      .filter((entry) => entry.isFile())
      .reduce((sum, { size }) => sum + size, 0);
    assert.ok(bytes <= 12_000_000, `${bytes} bytes`);
  });

  test('runs as a numeric user that is not root, so that the kubelet can verify runAsNonRoot', () => {
    assert.equal(image.user, '65532:65532');
  });

  test('starts the function, which records an event', async () => {
    assert.deepEqual(image.entrypoint, ['/nodejs/bin/node']);
    await using gateway = await startHttpStub();
    const program = image.command.map((word) => join(home, word));
    await using ledger = await startProcess(program, {
      ...image.environment,
      PUSHGATEWAY_URL: gateway.url,
    });
    const readiness = await send(`${ledger.url}/health/readiness`, { method: 'GET' });
    const answer = await send(ledger.url, binary(podEvent(pod)));
    assert.deepEqual([readiness.status, answer.status], [200, 204]);
    assert.deepEqual(
      gateway.requests.map(({ path }) => path?.replace(/^.*\/container/, '')),
      ['/checkout/restart_id/1_1763632802'],
    );
    ledger.kill('SIGTERM');
    assert.equal((await ledger.exited).code, 0);
  });

  test('runs the commands too', async () => {
    const letters = join(folder, 'dead-letters.ndjson');
    await using sink = await startProcess([join(home, 'dist/lib/cli/main.js'), 'dead-letters', letters], {});
    assert.equal((await send(sink.url, binary(podEvent(pod)))).status, 204);
    assert.equal(readFileSync(letters, 'utf8').trimEnd().split('\n').length, 1);
  });
});

test('the build context contains what the Dockerfile copies, and nothing else', () => {
  const copied = [...readFileSync('Dockerfile', 'utf8').matchAll(/^COPY (?!--from)(.*) \S+$/gm)]
    .flatMap(([, sources = '']) => sources.split(' '))
    .map((source) => `!${source}`);
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  assert.deepEqual(
    ignored.filter((line) => line !== '' && !line.startsWith('#')).toSorted(),
    ['*', ...copied].toSorted(),
  );
});
