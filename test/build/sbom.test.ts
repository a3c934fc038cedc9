import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../../build/bundle.ts';
import { bundledPackages } from '../../build/bundled-packages.ts';
import { bundledSbom } from '../../build/sbom.ts';
import { version } from '../../lib/manifest.ts';
import { listAt, textAt, valueAt } from '../helpers/value-at.ts';

const { metafile } = await bundle('unwritten', { write: false });
const bundled = bundledPackages(metafile).map((folder) => {
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${manifest['name']}@${manifest['version']}`;
});
const listed = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});

test('the bill of materials lists every bundled package with version, hash and licence, and no other', () => {
  const sbom: unknown = JSON.parse(bundledSbom(listed, 'restart-ledger', bundled));
  assert.deepEqual(
    [valueAt(sbom, 'bomFormat'), valueAt(sbom, 'specVersion'), valueAt(sbom, 'metadata.timestamp')],
    ['CycloneDX', '1.5', undefined],
  );
  assert.equal(textAt(sbom, 'metadata.component.purl'), `pkg:npm/restart-ledger@${version}`);
  const components = listAt(sbom, 'components');
  assert.deepEqual(
    components.map((component) => `${textAt(component, 'name')}@${textAt(component, 'version')}`).toSorted(),
    bundled.toSorted(),
  );
  const names = components.map((component) => textAt(component, 'name'));
  // Of the dependencies, and of those that are only needed to build.
  for (const name of ['@kubernetes/client-node', 'cloudevents', 'prom-client', 'undici', 'yaml'])
    assert.ok(names.includes(name), name);
  for (const name of ['typescript', 'esbuild', 'autocannon']) assert.ok(!names.includes(name), name);
  for (const component of components) {
    assert.match(textAt(component, 'purl'), /^pkg:npm\/.+@\d/);
    assert.match(textAt(component, 'hashes.0.content'), /^[0-9a-f]{128}$/);
    assert.notEqual(
      textAt(component, 'licenses.0.license.id') + textAt(component, 'licenses.0.expression'),
      '',
    );
    assert.deepEqual(valueAt(component, 'properties'), []);
  }
  const known = new Set([`restart-ledger@${version}`, ...bundled]);
  const references = listAt(sbom, 'dependencies').flatMap((each) => [
    textAt(each, 'ref'),
    ...listAt(each, 'dependsOn').map(String),
  ]);
  assert.deepEqual([...new Set(references)].toSorted(), [...known].toSorted());
});

test('a bundled package that npm does not know is an error', () => {
  assert.throws(() => bundledSbom(listed, 'restart-ledger', [...bundled, 'unknown@1.0.0']), {
    message: 'npm sbom does not list unknown@1.0.0: is package-lock.json of this node_modules?',
  });
});
