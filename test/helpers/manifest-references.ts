import { identityOf, type PodTemplate, podTemplateOf, selects } from './manifest.ts';
import { listAt, textAt, textsAt, valueAt } from './value-at.ts';

/**
 * The dangling references in `manifests`, as `identity → missing object`. What other projects install, in other
 * namespaces or under their own labels, counts as existing.
 */
export function danglingReferences(manifests: readonly unknown[]): readonly string[] {
  const there = new Set(manifests.map(identityOf));
  const templates = manifests.map(podTemplateOf).filter((template) => template !== undefined);
  return manifests.flatMap((manifest) => {
    const template = podTemplateOf(manifest);
    return [...namesIn(manifest), ...(template === undefined ? [] : namesInPod(template))]
      .filter((name) => !there.has(name))
      .concat(selectorFaults(manifest, templates), portFaults(manifest, manifests, templates))
      .map((fault) => `${identityOf(manifest)} → ${fault}`);
  });
}

/** The identities that an object's fields name. */
function namesIn(manifest: unknown): readonly string[] {
  const spec = valueAt(manifest, 'spec');
  const objects = ['sink.ref', 'subscriber.ref', 'delivery.deadLetterSink.ref'].map((path) =>
    valueAt(spec, path),
  );
  const account = textAt(spec, 'serviceAccountName');
  const broker = textAt(spec, 'broker');
  const scaled = textAt(spec, 'scaleTargetRef.name');
  const route = listAt(spec, 'triggers').map((trigger) => textAt(trigger, 'metadata.interceptorRoute'));
  const role = textAt(manifest, 'roleRef.name');
  const subjects = listAt(manifest, 'subjects').map((subject) => textAt(subject, 'name'));
  return [
    ...objects
      .filter((object) => object !== undefined)
      .map((object) => identityOf({ ...Object(object), metadata: object })),
    ...named('v1 ServiceAccount', account, ...subjects),
    ...named('eventing.knative.dev/v1 Broker', broker),
    ...named('apps/v1 Deployment', scaled),
    ...named('http.keda.sh/v1beta1 InterceptorRoute', ...route),
    ...named(`rbac.authorization.k8s.io/v1 ${textAt(manifest, 'roleRef.kind')}`, role),
    ...named('v1 Service', textAt(spec, 'target.service')),
  ];
}

function namesInPod({ spec }: PodTemplate): readonly string[] {
  const maps = listAt(spec, 'containers').flatMap((container) =>
    listAt(container, 'envFrom').map((from) => textAt(from, 'configMapRef.name')),
  );
  return [
    ...named('v1 ServiceAccount', textAt(spec, 'serviceAccountName')),
    ...named('v1 ConfigMap', ...maps),
  ];
}

function named(kind: string, ...names: readonly string[]): readonly string[] {
  return names.filter((name) => name !== '').map((name) => `${kind} ${name}`);
}

const selectorPaths: Readonly<Record<string, string>> = {
  'v1 Service': 'spec.selector',
  'apps/v1 Deployment': 'spec.selector.matchLabels',
  'apps/v1 StatefulSet': 'spec.selector.matchLabels',
  'policy/v1 PodDisruptionBudget': 'spec.selector.matchLabels',
  'networking.k8s.io/v1 NetworkPolicy': 'spec.podSelector.matchLabels',
};

function selectorFaults(manifest: unknown, templates: readonly PodTemplate[]): readonly string[] {
  const path = selectorPaths[`${textAt(manifest, 'apiVersion')} ${textAt(manifest, 'kind')}`];
  const selector = path === undefined ? {} : textsAt(manifest, path);
  const own = podTemplateOf(manifest);
  const candidates = own === undefined ? templates : [own];
  const ofKnative = 'eventing.knative.dev/source' in selector;
  return ofKnative || candidates.some(({ labels }) => selects(selector, labels))
    ? []
    : [`no Pod with ${JSON.stringify(selector)}`];
}

/** The ports of a Service that no selected Pod opens, and ports of a route that its Service does not have. */
function portFaults(
  manifest: unknown,
  manifests: readonly unknown[],
  templates: readonly PodTemplate[],
): readonly string[] {
  const opened = (selector: Readonly<Record<string, string>>) =>
    templates
      .filter(({ labels }) => selects(selector, labels))
      .flatMap(({ spec }) => listAt(spec, 'containers'))
      .flatMap((container) => listAt(container, 'ports'))
      .flatMap((port) => [valueAt(port, 'name'), valueAt(port, 'containerPort')]);
  if (identityOf(manifest).startsWith('v1 Service ') && textAt(manifest, 'spec.type') !== 'ExternalName') {
    const ports = opened(textsAt(manifest, 'spec.selector'));
    return listAt(manifest, 'spec.ports')
      .map((port) => valueAt(port, 'targetPort') ?? valueAt(port, 'port'))
      .filter((target) => !ports.includes(target))
      .map((target) => `no port ${String(target)}`);
  }
  const target = valueAt(manifest, 'spec.target');
  if (target === undefined) return [];
  const service = manifests.find((other) => identityOf(other) === `v1 Service ${textAt(target, 'service')}`);
  const offered = listAt(service, 'spec.ports').map((port) => valueAt(port, 'port'));
  const wanted = valueAt(target, 'port');
  return offered.includes(wanted) ? [] : [`no port ${String(wanted)}`];
}
