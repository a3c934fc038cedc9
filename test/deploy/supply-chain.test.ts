import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { listAt, textAt, valueAt } from '../helpers/value-at.ts';

const workflow: unknown = parse(readFileSync('.github/workflows/ci.yml', 'utf8'));

test('CI pins every action to a commit, and may read the sources only', () => {
  const used = listAt(workflow, 'jobs.gate.steps')
    .map((step) => textAt(step, 'uses'))
    .filter((name) => name !== '');
  assert.deepEqual(
    used.filter((name) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(name)),
    [],
  );
  assert.ok(used.length > 3);
  assert.deepEqual(valueAt(workflow, 'permissions'), { contents: 'read' });
  assert.equal(valueAt(workflow, 'jobs.gate.permissions'), undefined);
  assert.deepEqual(Object.keys(Object(valueAt(workflow, 'jobs'))), ['gate']);
});

test('base images are pinned by digest, of which the tag says the version', () => {
  const bases = [...readFileSync('Dockerfile', 'utf8').matchAll(/^FROM (\S+)/gm)].map(
    ([, name = '']) => name,
  );
  assert.equal(bases.length, 2);
  assert.deepEqual(
    [...bases, textAt(workflow, 'jobs.gate.container')].filter(
      (name) => !/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/.test(name),
    ),
    [],
  );
});

test('packages are installed from the lock file, without their install scripts', () => {
  const installs = ['.ci/run', 'Dockerfile', '.github/workflows/ci.yml'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /\bnpm (ci|i|install)\b/.test(line)),
  );
  assert.ok(installs.length >= 2);
  assert.deepEqual(
    installs.filter((line) => !/\bnpm ci --ignore-scripts\b/.test(line)),
    [],
  );
});

test('every image of the manifests names a version', () => {
  const images = readdirSync('deploy', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => [...readFileSync(`deploy/${file}`, 'utf8').matchAll(/^\s+image: (\S+)/gm)])
    .map(([, image = '']) => image)
    .filter((image) => image !== 'restart-ledger');
  assert.ok(images.length >= 2);
  assert.deepEqual(
    images.filter((image) => !/^docker\.io\/[\w-]+\/[\w-]+:v\d+\.\d+\.\d+(-cluster)?$/.test(image)),
    [],
  );
});
