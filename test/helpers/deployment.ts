import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { buildKustomization } from './kustomize.ts';

/** The paths to deploy by, each a folder of `deploy/overlays`. */
export const overlays = ['knative', 'knative-kafka', 'keda', 'standalone'] as const;

export type Overlay = (typeof overlays)[number];

/** What is put on top of an overlay at once: with each store, and with tokens where others pass the events on. */
function additionsTo(overlay: Overlay): readonly (readonly string[])[] {
  const tokens = {
    knative: ['knative-oidc'],
    'knative-kafka': ['knative-oidc'],
    keda: ['keda-oidc'],
    standalone: undefined,
  };
  return [
    [],
    ['victoria-metrics', 'prometheus', 'prometheus/operator', 'grafana', 'page'],
    ['victoria-metrics-cluster', 'page'],
    tokens[overlay],
  ].filter((components) => components !== undefined);
}

/** Each overlay by itself, and with additions. */
export const combinations = overlays.flatMap((overlay) =>
  additionsTo(overlay).map((components) => ({
    name: components.length === 0 ? overlay : `${overlay} with ${components.join(', ')}`,
    overlay,
    components,
  })),
);

const built = new Map<string, readonly unknown[]>();

/**
 * Built as a user's own kustomization would: an overlay, an image, and any `components` and `patches` on top. Each is built once;
 * do not change what you get.
 */
export function buildDeployment(
  overlay: Overlay,
  components: readonly string[] = [],
  patches: readonly unknown[] = [],
): readonly unknown[] {
  const key = JSON.stringify([overlay, components, patches]);
  const manifests = built.get(key) ?? build(overlay, components, patches);
  built.set(key, manifests);
  return manifests;
}

function build(
  overlay: string,
  components: readonly string[],
  patches: readonly unknown[],
): readonly unknown[] {
  // Beside the overlays, because kustomize takes relative paths only.
  const folder = mkdtempSync(join(import.meta.dirname, '../../deploy/built-'));
  try {
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [`../overlays/${overlay}`],
      components: components.map((component) => `../components/${component}`),
      patches,
      images: [{ name: 'restart-ledger', newName: 'registry.example/restart-ledger', newTag: '1.2.3' }],
    };
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    return buildKustomization(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
