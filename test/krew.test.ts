import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { oldestNode, version } from '../lib/manifest.ts';

const template = readFileSync('.krew.yaml', 'utf8');
const digest = 'a'.repeat(64);

/** What the release bot makes of the template: `addURIAndSha` writes two lines, the second with four spaces before it. */
const manifest = template
  .replaceAll(/\{\{addURIAndSha "([^"]+)" \.TagName \}\}/g, `uri: $1\n    sha256: ${digest}`)
  .replaceAll('{{ .TagName }}', `v${version}`);

test('the manifest of the krew plugin is one that krew accepts', () => {
  const { apiVersion, kind, metadata, spec } = parse(manifest);
  assert.deepEqual(
    { apiVersion, kind, metadata },
    {
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
      metadata: { name: 'restarts' },
    },
  );
  // The rules of https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/ and of the naming guide.
  assert.match(spec.version, /^v\d+\.\d+\.\d+(?:-[\w.]+)?$/);
  assert.ok(spec.shortDescription.length <= 50 && !spec.shortDescription.endsWith('.'));
  assert.doesNotMatch(spec.shortDescription, /kube(?:ctl|rnetes)|plugin/i);
  assert.ok(spec.caveats.includes(`Node.js ${oldestNode} or newer`));
  const [{ uri, sha256, files, bin, selector }, ...others] = spec.platforms;
  assert.deepEqual(others, []);
  assert.equal(
    uri,
    `https://github.com/restart-ledger/restart-ledger/releases/download/v${version}/restart-ledger.tgz`,
  );
  assert.equal(sha256, digest);
  assert.deepEqual(selector.matchExpressions, [{ key: 'os', operator: 'In', values: ['darwin', 'linux'] }]);
  assert.ok(files.every(({ from }: { from: string }) => !from.startsWith('/') && !from.includes('..')));
  const { bin: bins } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.equal(`./${bin}`, bins['kubectl-restarts']);
});

test('a template is left nowhere in the manifest', () => {
  assert.doesNotMatch(manifest, /\{\{|\}\}/);
});
