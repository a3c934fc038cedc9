import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { customResourceDefinitions, missingSchemas } from '../helpers/custom-resource-schemas.ts';
import { buildDeployment, combinations } from '../helpers/deployment.ts';
import { eventually } from '../helpers/eventually.ts';
import { missingKustomize } from '../helpers/kustomize.ts';
import { identityOf } from '../helpers/manifest.ts';
import { missingApiServer, type RealApiServer, startRealApiServer } from '../helpers/real-api-server.ts';
import { createObject, createObjects } from '../helpers/real-objects.ts';
import { listAt, textAt } from '../helpers/value-at.ts';

/** The namespace exists, and the Prometheus Operator's kinds and EventPolicy are not defined. */
const notTried = /^v1 Namespace |^monitoring\.coreos\.com\/v1 |^eventing\.knative\.dev\/v1alpha1 /;

const skip = missingApiServer() || missingKustomize() || missingSchemas();

suite('a real API server', { skip }, () => {
  let server: RealApiServer;

  before(async () => {
    server = await startRealApiServer();
    const definitions = customResourceDefinitions();
    await createObjects(server, definitions);
    await eventually(async () => {
      const known = await server.must('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
      const established = listAt(known, 'items').filter((definition) =>
        listAt(definition, 'status.conditions').some(
          (condition) =>
            textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True',
        ),
      );
      assert.equal(established.length, definitions.length);
    });
    const namespace = buildDeployment('standalone').find(
      (manifest) => identityOf(manifest) === 'v1 Namespace restart-ledger',
    );
    await createObjects(server, [namespace]);
  });
  after(() => server[Symbol.asyncDispose]());

  for (const { name, overlay, components } of combinations)
    test(`accepts every object of ${name}, strictly validated, without a warning`, async () => {
      const manifests = buildDeployment(overlay, components).filter(
        (manifest) => !notTried.test(identityOf(manifest)),
      );
      const faults: unknown[] = [];
      for (const manifest of manifests) {
        const { status, body, warnings } = await createObject(server, manifest, { dryRun: true });
        if (status !== 201) faults.push([identityOf(manifest), status, textAt(body, 'message')]);
        if (warnings.length > 0) faults.push([identityOf(manifest), warnings]);
      }
      assert.deepEqual(faults, []);
      assert.ok(manifests.length > 15);
    });

  test('refuses a field that it does not know, and warns of a Pod that is not restricted', async () => {
    const insecure = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'insecure', namespace: 'restart-ledger' },
      spec: {
        selector: { matchLabels: { app: 'insecure' } },
        template: {
          metadata: { labels: { app: 'insecure' } },
          spec: { containers: [{ name: 'insecure', image: 'insecure' }] },
        },
      },
    };
    const warned = await createObject(server, insecure, { dryRun: true });
    assert.equal(warned.status, 201);
    assert.match(warned.warnings.join(), /would violate PodSecurity .*restricted:latest/);
    const withUnknownField = { ...insecure, spec: { ...insecure.spec, replica: 1 } };
    const refused = await createObject(server, withUnknownField, { dryRun: true });
    assert.deepEqual(
      [refused.status, textAt(refused.body, 'message').replace(/^.*?(strict decoding)/, '$1')],
      [400, 'strict decoding error: unknown field "spec.replica"'],
    );
  });
});
