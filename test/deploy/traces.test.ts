import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTracing } from '../../lib/config/tracing.ts';
import { buildDeployment, overlays } from '../helpers/deployment.ts';
import { missingKustomize } from '../helpers/kustomize.ts';
import { podTemplateOf, selects } from '../helpers/manifest.ts';
import { textAt, textsAt, valueAt } from '../helpers/value-at.ts';

/** The objects of a kind whose name starts like this: that of a ConfigMap ends with a hash. */
function named(manifests: readonly unknown[], kind: string, start: string): readonly unknown[] {
  return manifests.filter(
    (manifest) => textAt(manifest, 'kind') === kind && textAt(manifest, 'metadata.name').startsWith(start),
  );
}

/** What exports spans. */
const programs = {
  knative: 'restart-ledger',
  'knative-kafka': 'restart-ledger',
  keda: 'function',
  standalone: 'watch',
} as const;

for (const overlay of overlays) {
  test(`${overlay}: the component of the traces sets the endpoint, and permits egress to it`, {
    skip: missingKustomize(),
  }, () => {
    const manifests = buildDeployment(overlay, ['traces']);
    const [settings] = named(manifests, 'ConfigMap', 'settings-');
    const endpoint = textAt(settings, 'data.OTEL_EXPORTER_OTLP_ENDPOINT');
    const { url } = readTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }) ?? {};
    assert.equal(url?.href, 'http://opentelemetry-collector.opentelemetry:4318/v1/traces');
    const [policy] = named(manifests, 'NetworkPolicy', 'export-traces');
    assert.deepEqual(valueAt(policy, 'spec.egress'), [
      { to: [{ namespaceSelector: {} }], ports: [{ protocol: 'TCP', port: 4318 }] },
    ]);
    const selector = textsAt(policy, 'spec.podSelector.matchLabels');
    const exporting = manifests
      .map(podTemplateOf)
      .filter((template) => template !== undefined && selects(selector, template.labels))
      .map((template) => template?.of.split(' ').at(-1));
    assert.ok(exporting.includes(programs[overlay]), exporting.join());
  });
}
