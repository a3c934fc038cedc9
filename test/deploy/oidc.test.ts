import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readConfig } from '../../lib/config.ts';
import { customResourceValidators, missingSchemas } from '../helpers/custom-resource-schemas.ts';
import { buildDeployment, overlays } from '../helpers/deployment.ts';
import { missingKustomize } from '../helpers/kustomize.ts';
import { identityOf, podTemplateOf } from '../helpers/manifest.ts';
import { danglingReferences } from '../helpers/manifest-references.ts';
import { projectRuleFaults, restrictedFaults } from '../helpers/restricted-pod.ts';
import { listAt, textAt, textsAt, valueAt } from '../helpers/value-at.ts';

function find(manifests: readonly unknown[], identity: string): unknown {
  const found = manifests.find((manifest) => identityOf(manifest) === identity);
  assert.ok(found, `there is no ${identity}`);
  return found;
}

/** The settings of the Pods, as they read them. */
function configOf(manifests: readonly unknown[]) {
  const settings = manifests.find((manifest) => textAt(manifest, 'metadata.name').startsWith('settings-'));
  return readConfig({ ...textsAt(settings, 'data'), KUBERNETES_SERVICE_HOST: '10.96.0.1' });
}

function podFaults(manifests: readonly unknown[]): readonly string[] {
  return manifests
    .map(podTemplateOf)
    .filter((template) => template !== undefined)
    .flatMap((template) =>
      [...restrictedFaults(template), ...projectRuleFaults(template)].map(
        (fault) => `${template.of} ${fault}`,
      ),
    );
}

test('every Pod of restart-ledger takes secret settings from an optional Secret, over those of the ConfigMap', {
  skip: missingKustomize(),
}, () => {
  for (const overlay of overlays) {
    const sources = buildDeployment(overlay)
      .map(podTemplateOf)
      .filter((template) => template !== undefined)
      .filter(({ spec }) => textAt(spec, 'containers.0.image').startsWith('registry.example/restart-ledger'))
      .map(({ spec }) => listAt(spec, 'containers.0.envFrom'));
    assert.ok(sources.length > 1);
    for (const [settings, ...others] of sources) {
      assert.match(textAt(settings, 'configMapRef.name'), /^settings-/);
      assert.deepEqual(others, [{ secretRef: { name: 'secret-settings', optional: true } }]);
    }
  }
});

for (const overlay of ['knative', 'knative-kafka'] as const)
  suite(`${overlay} with tokens`, { skip: missingKustomize() }, () => {
    const manifests = buildDeployment(overlay, ['knative-oidc']);
    const trigger = find(manifests, 'eventing.knative.dev/v1 Trigger restart-ledger');

    test('the Trigger sends tokens for the audiences that the function and the dead-letter sink expect', () => {
      const { server, deadLetters } = configOf(manifests);
      assert.equal(textAt(trigger, 'spec.subscriber.audience'), server.oidc?.audience);
      assert.equal(textAt(trigger, 'spec.delivery.deadLetterSink.audience'), deadLetters.oidc?.audience);
      assert.notEqual(server.oidc?.audience, deadLetters.oidc?.audience);
      assert.deepEqual(server.oidc?.subjects, ['system:serviceaccount:restart-ledger:restart-ledger*']);
    });

    test('the broker takes events of the sources of this project and of nobody else', () => {
      const { to, from } = Object(
        valueAt(find(manifests, 'eventing.knative.dev/v1alpha1 EventPolicy restart-ledger'), 'spec'),
      );
      const broker = { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: 'restart-ledger' };
      assert.deepEqual(to, [{ ref: broker }]);
      const sources = manifests.filter((manifest) =>
        textAt(manifest, 'apiVersion').startsWith('sources.knative.dev/'),
      );
      assert.deepEqual(
        from,
        sources.map((source) => ({
          ref: {
            apiVersion: textAt(source, 'apiVersion'),
            kind: textAt(source, 'kind'),
            name: textAt(source, 'metadata.name'),
          },
        })),
      );
    });

    test('both reach the API server with a token of their own', () => {
      const faults = podFaults(manifests);
      assert.deepEqual(faults, []);
      for (const name of [
        'serving.knative.dev/v1 Service restart-ledger',
        'apps/v1 StatefulSet dead-letters',
      ]) {
        const template = podTemplateOf(find(manifests, name));
        assert.equal(template?.labels['restart-ledger/calls-api-server'], 'true');
        assert.equal(valueAt(template?.spec, 'automountServiceAccountToken'), true);
      }
    });

    test('every reference has a target, and the Trigger is valid by its schema', {
      skip: missingSchemas(),
    }, () => {
      assert.deepEqual(danglingReferences(manifests), []);
      assert.deepEqual(customResourceValidators().get('eventing.knative.dev/v1 Trigger')?.(trigger), []);
    });
  });

suite('KEDA with tokens', { skip: missingKustomize() }, () => {
  const manifests = buildDeployment('keda', ['keda-oidc']);

  test('watch sends a token for the audience, and with the subject, that the function expects', () => {
    const { server, deadLetters } = configOf(manifests);
    const template = podTemplateOf(find(manifests, 'apps/v1 Deployment watch'));
    const [volume] = listAt(template?.spec, 'volumes');
    const token = valueAt(volume, 'projected.sources.0.serviceAccountToken');
    assert.deepEqual(token, { audience: server.oidc?.audience, expirationSeconds: 3600, path: 'token' });
    assert.deepEqual(server.oidc?.subjects, [
      `system:serviceaccount:restart-ledger:${textAt(template?.spec, 'serviceAccountName')}`,
    ]);
    assert.equal(deadLetters.oidc, undefined);
    const [mount] = listAt(template?.spec, 'containers.0.volumeMounts');
    assert.deepEqual(valueAt(template?.spec, 'containers.0.env'), [
      { name: 'SINK_TOKEN_FILE', value: `${textAt(mount, 'mountPath')}/token` },
    ]);
  });

  test('the function reaches the API server, and may read nothing there but what every account may', () => {
    const template = podTemplateOf(find(manifests, 'apps/v1 Deployment function'));
    assert.equal(template?.labels['restart-ledger/calls-api-server'], 'true');
    assert.equal(textAt(template?.spec, 'serviceAccountName'), '');
    assert.deepEqual(podFaults(manifests), []);
    assert.deepEqual(danglingReferences(manifests), []);
  });
});
