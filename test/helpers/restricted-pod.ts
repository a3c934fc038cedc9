import type { PodTemplate } from './manifest.ts';
import { listAt, textAt, valueAt } from './value-at.ts';

const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/**
 * The fields of a Pod that violate the `restricted` level, as paths.
 *
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedFaults({ spec }: PodTemplate): readonly string[] {
  const ofPod = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => valueAt(spec, field) === true);
  const ofVolumes = listAt(spec, 'volumes').flatMap((volume, index) =>
    Object.keys(Object(volume))
      .filter((key) => key !== 'name' && !allowedVolumes.has(key))
      .map((key) => `volumes.${index}.${key}`),
  );
  return [...ofPod, ...ofVolumes, ...eachContainer(spec, (container) => containerFaults(container, spec))];
}

function containerFaults(container: unknown, pod: unknown): readonly string[] {
  const own = valueAt(container, 'securityContext');
  const inherited = (field: string) =>
    valueAt(own, field) ?? valueAt(pod, `securityContext.${field}`) ?? undefined;
  const profile = textAt({ profile: inherited('seccompProfile') }, 'profile.type');
  const added = listAt(own, 'capabilities.add').filter((capability) => capability !== 'NET_BIND_SERVICE');
  const faults: Readonly<Record<string, boolean>> = {
    privileged: valueAt(own, 'privileged') === true,
    allowPrivilegeEscalation: valueAt(own, 'allowPrivilegeEscalation') !== false,
    'capabilities.drop': !listAt(own, 'capabilities.drop').includes('ALL'),
    'capabilities.add': added.length > 0,
    runAsNonRoot: inherited('runAsNonRoot') !== true,
    runAsUser: inherited('runAsUser') === 0,
    seccompProfile: profile !== 'RuntimeDefault' && profile !== 'Localhost',
    hostPort: listAt(container, 'ports').some((port) => Boolean(valueAt(port, 'hostPort'))),
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}

/** The fields of a Pod that violate this project's own rules, as paths. */
export function projectRuleFaults({ spec, labels, life }: PodTemplate): readonly string[] {
  const callsApiServer = labels['restart-ledger/calls-api-server'] === 'true';
  const token = valueAt(spec, 'automountServiceAccountToken');
  return [
    ...(token === callsApiServer ? [] : ['automountServiceAccountToken']),
    ...(valueAt(spec, 'enableServiceLinks') === false ? [] : ['enableServiceLinks']),
    ...eachContainer(spec, (container) => {
      const probes = life === 'ends' ? [] : ['readinessProbe.httpGet.path', 'livenessProbe.httpGet.path'];
      const needed = [
        ...probes,
        'resources.requests.cpu',
        'resources.requests.memory',
        'resources.limits.memory',
      ];
      return [
        ...(valueAt(container, 'securityContext.readOnlyRootFilesystem') === true
          ? []
          : ['readOnlyRootFilesystem']),
        ...needed.filter((path) => valueAt(container, path) === undefined),
      ];
    }),
  ];
}

function eachContainer(spec: unknown, faults: (container: unknown) => readonly string[]): readonly string[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    listAt(spec, list).flatMap((container, index) =>
      faults(container).map((fault) => `${list}.${index}.${fault}`),
    ),
  );
}
