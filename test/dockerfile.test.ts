import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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
  const image = executeDockerfile('Dockerfile', '.', folder);
  const home = join(image.root, image.workingDirectory);
  const cache = join(image.root, 'tmp/compile-cache');
  const caches = readdirSync(cache).map((name) => join(cache, name));
  after(() => {
    for (const readOnly of caches) chmodSync(readOnly, 0o755);
    rmSync(folder, { recursive: true });
  });

  test('adds what runs to its base and nothing else, at most 12 MB', () => {
    assert.deepEqual(readdirSync(image.root).toSorted(), ['app', 'tmp']);
    assert.deepEqual(readdirSync(join(image.root, 'tmp')), ['compile-cache']);
    assert.deepEqual(readdirSync(home).toSorted(), [
      'LICENSE',
      'dist',
      'package.json',
      'write-compile-cache.js',
    ]);
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

  test('a start, and a first push, use what was compiled when the image was built, and change nothing of it', async () => {
    const [folderOfNode = '', ...others] = caches;
    assert.deepEqual(others, []);
    const modes = () =>
      ['.', ...readdirSync(folderOfNode)].map(
        (name) => (statSync(join(folderOfNode, name)).mode & 0o222) === 0,
      );
    assert.ok(modes().every(Boolean), 'it is read-only');
    const before = readdirSync(folderOfNode);
    await using gateway = await startHttpStub();
    await using ledger = await startProcess(
      image.command.map((word) => join(home, word)),
      { ...image.environment, PUSHGATEWAY_URL: gateway.url, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    );
    assert.equal((await send(ledger.url, binary(podEvent(pod)))).status, 204);
    ledger.kill('SIGTERM');
    const { stderr } = await ledger.exited;
    const judged = [...stderr.matchAll(/V8 code cache for ESM file:\/\/(\S+) was (\w+)/g)];
    assert.ok(judged.length >= 7, stderr);
    assert.deepEqual(
      judged.filter(([, , judgement]) => judgement !== 'accepted'),
      [],
    );
    const loaded = [...stderr.matchAll(/reading cache from \S+ for \w+ file:\/\/([^\s.]+\.js)\.\.\.(.*)/g)];
    assert.deepEqual(
      loaded.filter(([, , outcome = '']) => !outcome.includes('success')),
      [],
    );
    assert.deepEqual(readdirSync(folderOfNode), before);
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
