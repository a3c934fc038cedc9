import type {
  V1Container,
  V1ContainerRestartRule,
  V1ContainerRestartRuleOnExitCodes,
  V1ContainerState,
  V1ContainerStateRunning,
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1ObjectMeta,
  V1OwnerReference,
  V1Pod,
  V1PodCondition,
  V1PodSpec,
  V1PodStatus,
} from '@kubernetes/client-node';
import {
  int32Field,
  int32sField,
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
  ContainerRestartPolicy,
  ContainerState,
  ContainerStatus,
  Owner,
  Pod,
  RestartRule,
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
 * @throws LedgerError `invalid-input`, that names the first field that is not of its declared type.
 */
export function readPod(object: Untrusted<V1Pod>): Pod {
  const metadata: Untrusted<V1ObjectMeta> = objectField(object, 'metadata', '') ?? {};
  const spec: Untrusted<V1PodSpec> = objectField(object, 'spec', '') ?? {};
  const status: Untrusted<V1PodStatus> = objectField(object, 'status', '') ?? {};
  const labels: Untrusted<Labels> = objectField(metadata, 'labels', 'metadata') ?? {};
  const inits = readPolicies(spec, 'initContainers');
  const containers = readPolicies(spec, 'containers');
  const kindOfInit = (name: string) => (inits.get(name)?.policy === 'Always' ? 'sidecar' : 'init');
  return {
    namespace: nameField(metadata, 'namespace', 'metadata', podNamespace),
    name: nameField(metadata, 'name', 'metadata', podName),
    uid: nameField(metadata, 'uid', 'metadata', uid),
    node: textField(spec, 'nodeName', 'spec'),
    owner: controllerOf(metadata),
    templateHash: textField(labels, 'pod-template-hash', 'metadata.labels'),
    isBeingDeleted: textField(metadata, 'deletionTimestamp', 'metadata') !== '',
    phase: textField(status, 'phase', 'status'),
    readyReason: readyReason(status),
    restartPolicy: textField(spec, 'restartPolicy', 'spec'),
    containers: [
      ...readStatuses(status, 'initContainerStatuses', kindOfInit, inits),
      ...readStatuses(status, 'containerStatuses', () => 'container', containers),
      ...readStatuses(status, 'ephemeralContainerStatuses', () => 'ephemeral', noPolicies),
    ],
  };
}

interface Labels {
  readonly 'pod-template-hash': string;
}

type Policies = ReadonlyMap<unknown, ContainerRestartPolicy>;

/** An ephemeral container has none. */
const noPolicies: Policies = new Map();

/** The restart policies of the containers of a spec, by their names. */
function readPolicies(spec: Untrusted<V1PodSpec>, field: 'containers' | 'initContainers'): Policies {
  const containers = objectsField<V1PodSpec, V1Container>(spec, field, 'spec');
  return new Map(
    containers.map((container, index) => {
      const path = `spec.${field}[${index}]`;
      const policy = textField(container, 'restartPolicy', path);
      return [container.name, { policy, rules: readRules(container, path) }];
    }),
  );
}

function readRules(container: Untrusted<V1Container>, path: string): readonly RestartRule[] {
  return objectsField<V1Container, V1ContainerRestartRule>(container, 'restartPolicyRules', path).map(
    (rule, index) => {
      const inside = `${path}.restartPolicyRules[${index}]`;
      const onExit: Untrusted<V1ContainerRestartRuleOnExitCodes> =
        objectField(rule, 'exitCodes', inside) ?? {};
      return {
        action: textField(rule, 'action', inside),
        operator: textField(onExit, 'operator', `${inside}.exitCodes`),
        exitCodes: int32sField(onExit, 'values', `${inside}.exitCodes`),
      };
    },
  );
}

function readyReason(status: Untrusted<V1PodStatus>): string {
  const conditions = objectsField<V1PodStatus, V1PodCondition>(status, 'conditions', 'status');
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready === undefined ? '' : textField(ready, 'reason', 'status.conditions[]');
}

function controllerOf(metadata: Untrusted<V1ObjectMeta>): Owner | undefined {
  const owners = objectsField<V1ObjectMeta, V1OwnerReference>(metadata, 'ownerReferences', 'metadata');
  const controller = owners.find((owner) => owner.controller === true);
  if (controller === undefined) return undefined;
  const path = 'metadata.ownerReferences[]';
  return { kind: textField(controller, 'kind', path), name: textField(controller, 'name', path) };
}

/**
 * The most containers of one kind. An object of the API server can be 1.5 MiB, which is some thousand statuses, and each of
 * them up to two pushes; the Pods that nodes run have a few dozen containers at most.
 */
const mostContainers = 250;

function readStatuses(
  status: Untrusted<V1PodStatus>,
  field: keyof V1PodStatus,
  kindOf: (name: string) => ContainerKind,
  policies: Policies,
): ContainerStatus[] {
  const entries = objectsField<V1PodStatus, V1ContainerStatus>(status, field, 'status', mostContainers);
  return entries.map((entry, index) => readStatus(entry, `status.${field}[${index}]`, kindOf, policies));
}

function readStatus(
  entry: Untrusted<V1ContainerStatus>,
  path: string,
  kindOf: (name: string) => ContainerKind,
  policies: Policies,
): ContainerStatus {
  const name = nameField(entry, 'name', path, dnsLabel);
  return {
    name,
    kind: kindOf(name),
    image: textField(entry, 'image', path),
    restartPolicy: policies.get(name),
    restartCount: int32Field(entry, 'restartCount', path, { least: 0 }),
    containerId: textField(entry, 'containerID', path),
    state: readState(objectField(entry, 'state', path), `${path}.state`),
    lastTermination: readTermination(objectField(entry, 'lastState', path), `${path}.lastState`),
  };
}

/** An empty state is `waiting`: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ContainerState */
function readState(state: Untrusted<V1ContainerState> = {}, path: string): ContainerState {
  const running = objectField<V1ContainerState, V1ContainerStateRunning>(state, 'running', path);
  if (running) return { name: 'running', startedAt: timeField(running, 'startedAt', `${path}.running`) };
  const termination = readTermination(state, path);
  return termination === undefined ? { name: 'waiting' } : { name: 'terminated', termination };
}

function readTermination(state: Untrusted<V1ContainerState> = {}, path: string): Termination | undefined {
  const terminated = objectField<V1ContainerState, V1ContainerStateTerminated>(state, 'terminated', path);
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
