import type {
  V1ContainerState,
  V1ContainerStateRunning,
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1ObjectMeta,
  V1OwnerReference,
  V1Pod,
  V1PodSpec,
  V1PodStatus,
} from '@kubernetes/client-node';
import {
  int32Field,
  type NameForm,
  nameField,
  objectField,
  objectsField,
  textField,
  timeField,
  type Untrusted,
} from '../../narrow.ts';
import type {
  ContainerKind,
  ContainerState,
  ContainerStatus,
  Owner,
  Pod,
  Termination,
} from '../../restarts/pod.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
const dnsLabel: NameForm = {
  form: 'a DNS label (at most 63 of a-z, 0-9 and -)',
  pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
};

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const dnsSubdomain: NameForm = {
  form: 'a DNS name (at most 253 of a-z, 0-9, - and .)',
  pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
};

/** How a namespace is named. */
export const podNamespace = dnsLabel;

/** How a Pod is named. */
export const podName = dnsSubdomain;

/** A UUID from the API server; a hash of 32 digits from a kubelet, for the static Pods that it lists itself. */
const uid: NameForm = {
  form: 'a UID (at most 64 letters, digits and -)',
  pattern: /^[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?$/,
  longest: 64,
};

/**
 * The Pod that an object of the Kubernetes API (`v1`, `Pod`) describes. Fields that are not read may be anything.
 *
 * @throws LedgerError `invalid-input`, naming the first field that is not what the API declares.
 */
export function readPod(object: Untrusted<V1Pod>): Pod {
  const metadata: Untrusted<V1ObjectMeta> = objectField(object, 'metadata', '') ?? {};
  const spec: Untrusted<V1PodSpec> = objectField(object, 'spec', '') ?? {};
  const status: Untrusted<V1PodStatus> = objectField(object, 'status', '') ?? {};
  const sidecars = sidecarNames(spec);
  return {
    namespace: nameField(metadata, 'namespace', 'metadata', podNamespace),
    name: nameField(metadata, 'name', 'metadata', podName),
    uid: nameField(metadata, 'uid', 'metadata', uid),
    node: textField(spec, 'nodeName', 'spec'),
    owner: controllerOf(metadata),
    containers: [
      ...readStatuses(status, 'initContainerStatuses', (name) => (sidecars.has(name) ? 'sidecar' : 'init')),
      ...readStatuses(status, 'containerStatuses', () => 'container'),
      ...readStatuses(status, 'ephemeralContainerStatuses', () => 'ephemeral'),
    ],
  };
}

function sidecarNames(spec: Untrusted<V1PodSpec>): ReadonlySet<unknown> {
  const sidecars = objectsField<V1PodSpec, { name: string; restartPolicy: string }>(
    spec,
    'initContainers',
    'spec',
  );
  return new Set(sidecars.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
}

function controllerOf(metadata: Untrusted<V1ObjectMeta>): Owner | undefined {
  const owners = objectsField<V1ObjectMeta, V1OwnerReference>(metadata, 'ownerReferences', 'metadata');
  const controller = owners.find((owner) => owner.controller === true);
  if (controller === undefined) return undefined;
  const path = 'metadata.ownerReferences[]';
  return { kind: textField(controller, 'kind', path), name: textField(controller, 'name', path) };
}

function readStatuses(
  status: Untrusted<V1PodStatus>,
  field: keyof V1PodStatus,
  kindOf: (name: string) => ContainerKind,
): ContainerStatus[] {
  return objectsField<V1PodStatus, V1ContainerStatus>(status, field, 'status').map((entry, index) =>
    readStatus(entry, `status.${field}[${index}]`, kindOf),
  );
}

function readStatus(
  entry: Untrusted<V1ContainerStatus>,
  path: string,
  kindOf: (name: string) => ContainerKind,
): ContainerStatus {
  const name = nameField(entry, 'name', path, dnsLabel);
  return {
    name,
    kind: kindOf(name),
    image: textField(entry, 'image', path),
    restartCount: int32Field(entry, 'restartCount', path, { least: 0 }),
    containerId: textField(entry, 'containerID', path),
    state: readState(objectField(entry, 'state', path), `${path}.state`),
    lastTermination: readTermination(objectField(entry, 'lastState', path), `${path}.lastState`),
  };
}

/** A state that says nothing is `waiting`: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ContainerState */
function readState(state: Untrusted<V1ContainerState> = {}, path: string): ContainerState {
  const running = objectField<V1ContainerState, V1ContainerStateRunning>(state, 'running', path);
  if (running) return { name: 'running', startedAt: timeField(running, 'startedAt', `${path}.running`) };
  return { name: objectField(state, 'terminated', path) ? 'terminated' : 'waiting' };
}

function readTermination(lastState: Untrusted<V1ContainerState> = {}, path: string): Termination | undefined {
  const terminated = objectField<V1ContainerState, V1ContainerStateTerminated>(lastState, 'terminated', path);
  if (terminated === undefined) return undefined;
  const inside = `${path}.terminated`;
  return {
    exitCode: int32Field(terminated, 'exitCode', inside),
    signal: int32Field(terminated, 'signal', inside, { absent: 0 }),
    reason: textField(terminated, 'reason', inside),
    startedAt: timeField(terminated, 'startedAt', inside),
    finishedAt: timeField(terminated, 'finishedAt', inside),
    containerId: textField(terminated, 'containerID', inside),
  };
}
