import { identityOf } from './manifest.ts';
import { textAt, valueAt } from './value-at.ts';

/**
 * Kinds whose controller creates a Pod with the service account that the object names, and leaves
 * `automountServiceAccountToken` to the account.
 *
 * Source: https://github.com/knative/eventing/blob/main/pkg/reconciler/apiserversource/resources/receive_adapter.go
 */
const makesPods = /^sources\.knative\.dev\/v1 ApiServerSource /;

/**
 * Service accounts that mount their token although no Pod needs it, or do not although a controller's Pod cannot start
 * without it. Pods of the manifests' own templates set it themselves, so their accounts mount nothing.
 */
export function accountFaults(manifests: readonly unknown[]): readonly string[] {
  const needed = new Set(
    manifests
      .filter((manifest) => makesPods.test(identityOf(manifest)))
      .map((manifest) => textAt(manifest, 'spec.serviceAccountName')),
  );
  return manifests
    .filter((manifest) => textAt(manifest, 'kind') === 'ServiceAccount')
    .flatMap((account) => {
      const name = textAt(account, 'metadata.name');
      const mounts = valueAt(account, 'automountServiceAccountToken') !== false;
      if (mounts === needed.has(name)) return [];
      return [
        mounts
          ? `${name} mounts its token into every Pod`
          : `${name} gives no token to the Pod of a controller`,
      ];
    });
}
