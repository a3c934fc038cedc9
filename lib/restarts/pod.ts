/**
 * The fields of a Pod that show a restart, already checked, and no others.
 *
 * Times are whole Unix seconds; `undefined` is an unknown time. Unknown text is empty.
 * Field meanings: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus
 */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The node that runs the Pod; empty before it is scheduled. */
  readonly node: string;
  /** The controller that owns the Pod; `undefined` for a Pod without one. */
  readonly owner: Owner | undefined;
  /** The label `pod-template-hash`, which a Deployment gives its ReplicaSets' Pods; empty on others. */
  readonly templateHash: string;
  /** Whether it has a `metadata.deletionTimestamp`. */
  readonly isBeingDeleted: boolean;
  /** `Pending`, `Running`, `Succeeded`, `Failed`; empty when unknown. */
  readonly phase: string;
  /** The reason of the condition `Ready`; empty when it has none. */
  readonly readyReason: string;
  /** `Always`, `OnFailure`, `Never`; empty when unknown. */
  readonly restartPolicy: string;
  /** Containers, init containers, sidecars and ephemeral containers, in the order of the status. */
  readonly containers: readonly ContainerStatus[];
}

export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** A sidecar is an init container with `restartPolicy: Always` in the Pod's spec. */
export type ContainerKind = 'container' | 'init' | 'sidecar' | 'ephemeral';

export interface ContainerStatus {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly image: string;
  /** From the Pod's spec; `undefined` when the spec does not have the container. */
  readonly restartPolicy: ContainerRestartPolicy | undefined;
  readonly restartCount: number;
  /** The ID of the container that the status is about; empty when the runtime has none. */
  readonly containerId: string;
  readonly state: ContainerState;
  /** `lastState.terminated`: how the previous container ended. */
  readonly lastTermination: Termination | undefined;
}

export type ContainerState =
  | { readonly name: 'waiting' }
  | { readonly name: 'running'; readonly startedAt: number | undefined }
  | { readonly name: 'terminated'; readonly termination: Termination };

/** How a container is restarted, where that differs from its Pod's policy. */
export interface ContainerRestartPolicy {
  /** `Always`, `OnFailure`, `Never`; empty when the Pod's policy applies. */
  readonly policy: string;
  /** In the order of their evaluation; without a policy they do not apply. */
  readonly rules: readonly RestartRule[];
}

/** What happens after some exit codes. */
export interface RestartRule {
  /** `Restart`, `RestartAllContainers`. */
  readonly action: string;
  /** `In`, `NotIn`; empty when the rule names no exit codes. */
  readonly operator: string;
  readonly exitCodes: readonly number[];
}

export interface Termination {
  readonly exitCode: number;
  /** The signal that ended the container; 0 when none did. */
  readonly signal: number;
  /** As the status has it: may be empty. */
  readonly reason: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly containerId: string;
}
