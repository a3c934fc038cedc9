import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { buildKustomization } from './kustomize.ts';

/** The paths to deploy by, each a folder of `deploy/overlays`. */
export const overlays = ['knative', 'knative-kafka', 'keda', 'standalone'] as const;

/** Built as a user's own kustomization would: an overlay, an image, and whatever `components` on top. */
export function buildDeployment(
  overlay: (typeof overlays)[number],
  components: readonly string[] = [],
): readonly unknown[] {
  // Beside the overlays, because kustomize takes relative paths only.
  const folder = mkdtempSync(join(import.meta.dirname, '../../deploy/built-'));
  try {
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [`../overlays/${overlay}`],
      components: components.map((component) => `../components/${component}`),
      images: [{ name: 'restart-ledger', newName: 'registry.example/restart-ledger', newTag: '1.2.3' }],
    };
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    return buildKustomization(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
