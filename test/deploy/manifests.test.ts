import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { stringify } from 'yaml';
import { allSettings } from '../../lib/config/settings.ts';
import { customResourceValidators, missingSchemas } from '../helpers/custom-resource-schemas.ts';
import { buildDeployment, combinations } from '../helpers/deployment.ts';
import { missingKustomize } from '../helpers/kustomize.ts';
import { identityOf, podTemplateOf } from '../helpers/manifest.ts';
import { danglingReferences } from '../helpers/manifest-references.ts';
import { missing } from '../helpers/real-services.ts';
import { projectRuleFaults, restrictedFaults } from '../helpers/restricted-pod.ts';
import { accountFaults } from '../helpers/service-accounts.ts';
import { listAt, textAt, textsAt, valueAt } from '../helpers/value-at.ts';

/** Validated by Kubernetes' own schemas; all other kinds are custom resources. */
const builtIn = /^(v1|apps\/v1|batch\/v1|policy\/v1|[a-z.]+\.k8s\.io\/v1) /;
/** There is no schema for these; they are compared as a whole. */
const withoutSchema = /^monitoring\.coreos\.com\/v1 |^eventing\.knative\.dev\/v1alpha1 EventPolicy /;

const stores = ['victoria-metrics', 'victoria-metrics-cluster'] as const;

/** Of each store. */
const imagesOf = {
  pushgateway: ['docker.io/prom/pushgateway'],
  'victoria-metrics': ['docker.io/victoriametrics/victoria-metrics'],
  'victoria-metrics-cluster': [
    'docker.io/victoriametrics/vminsert',
    'docker.io/victoriametrics/vmselect',
    'docker.io/victoriametrics/vmstorage',
  ],
} as const;

function builtInFaults(documents: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  try {
    const file = join(folder, 'all.yaml');
    writeFileSync(file, documents.join('---\n'));
    execFileSync('kubernetes-validate', ['--strict', '--quiet', file], { encoding: 'utf8', stdio: 'pipe' });
    return [];
  } catch (error) {
    return [textAt(error, 'stdout'), textAt(error, 'stderr')]
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^.*? did not validate for resource /, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("every built-in object of every combination is valid by Kubernetes' schemas", {
  skip: missingKustomize() || missing('kubernetes-validate'),
}, () => {
  const texts = combinations
    .flatMap(({ overlay, components }) => buildDeployment(overlay, components))
    .filter((manifest) => builtIn.test(identityOf(manifest)))
    .map((manifest) => stringify(manifest));
  assert.deepEqual(builtInFaults([...new Set(texts)]), []);
});

for (const { name, overlay, components } of combinations) {
  suite(name, { skip: missingKustomize() }, () => {
    const manifests = buildDeployment(overlay, components);
    const templates = manifests.map(podTemplateOf).filter((template) => template !== undefined);

    test('no two objects have one identity, and all but those of the cluster are in one namespace', () => {
      const identities = manifests.map(identityOf);
      assert.deepEqual(identities, [...new Set(identities)]);
      const outside = manifests
        .filter((manifest) => textAt(manifest, 'metadata.namespace') === '')
        .map((manifest) => textAt(manifest, 'kind'));
      assert.deepEqual(
        outside.filter((kind) => !['Namespace', 'ClusterRole', 'ClusterRoleBinding'].includes(kind)),
        [],
      );
    });

    test('every custom resource is valid by the schema of its definition', { skip: missingSchemas() }, () => {
      const validators = customResourceValidators();
      const faults = manifests
        .filter((manifest) => !builtIn.test(identityOf(manifest)))
        .filter((manifest) => !withoutSchema.test(identityOf(manifest)))
        .flatMap((manifest) => {
          const kind = `${textAt(manifest, 'apiVersion')} ${textAt(manifest, 'kind')}`;
          const validate = validators.get(kind) ?? (() => ['there is no schema']);
          return validate(manifest).map((fault) => `${identityOf(manifest)} ${fault}`);
        });
      assert.deepEqual(faults, []);
    });

    test("every Pod meets the restricted level and the project's own rules", () => {
      assert.notDeepEqual(templates, []);
      const faults = templates.flatMap((template) =>
        [...restrictedFaults(template), ...projectRuleFaults(template)].map(
          (fault) => `${template.of} ${fault}`,
        ),
      );
      assert.deepEqual(faults, []);
    });

    test('a service account mounts its token into the Pods that a controller creates from it, and into no other', () => {
      assert.deepEqual(accountFaults(manifests), []);
    });

    test('every reference and every selector has a target', () => {
      assert.deepEqual(danglingReferences(manifests), []);
    });

    test('every environment variable is a documented setting', () => {
      const known = new Set<string>(allSettings.map(({ name }) => name));
      const given = manifests
        .filter((manifest) => textAt(manifest, 'metadata.name').startsWith('settings-'))
        .flatMap((manifest) => Object.keys(Object(valueAt(manifest, 'data'))));
      assert.ok(given.includes('PUSHGATEWAY_URL'));
      const ofContainers = templates
        .filter(({ spec }) => textAt(spec, 'containers.0.image').startsWith('registry.example/'))
        .flatMap(({ spec }) => listAt(spec, 'containers.0.env').map((variable) => textAt(variable, 'name')));
      assert.deepEqual(
        [...given, ...ofContainers].filter((name) => !known.has(name)),
        [],
      );
    });

    test('secrets are settings or files of a Secret that need not exist, and never in the ConfigMap', () => {
      const secret = new Set<string>(allSettings.filter((setting) => setting.secret).map(({ name }) => name));
      const given = manifests
        .filter((manifest) => textAt(manifest, 'metadata.name').startsWith('settings-'))
        .flatMap((manifest) => Object.entries(textsAt(manifest, 'data')));
      assert.deepEqual(
        given.filter(
          ([name, value]) => secret.has(name) && (!value.startsWith('http') || value.includes('@')),
        ),
        [],
      );
      for (const { of, spec } of templates) {
        if (!textAt(spec, 'containers.0.image').startsWith('registry.example/')) continue;
        const [settings, ...secrets] = listAt(spec, 'containers.0.envFrom');
        assert.match(textAt(settings, 'configMapRef.name'), /^settings-/, of);
        assert.deepEqual(secrets, [{ secretRef: { name: 'secret-settings', optional: true } }], of);
        assert.deepEqual(
          listAt(spec, 'volumes').flatMap((volume) => valueAt(volume, 'secret') ?? []),
          [{ secretName: 'secret-files', optional: true }],
          of,
        );
      }
    });

    test('every image of restart-ledger is the one that the user names', () => {
      const images = templates.flatMap(({ spec }) => textAt(spec, 'containers.0.image'));
      const store = stores.find((name) => components.includes(name)) ?? 'pushgateway';
      assert.deepEqual(
        [...new Set(images)].map((image) => image.replace(/:v[0-9.]+(-cluster)?$/, '')).toSorted(),
        [...imagesOf[store], 'registry.example/restart-ledger:1.2.3'],
      );
    });
  });
}
