import type { Pod } from './pod.ts';

/** What a Pod belongs to, named as kubernetes-mixin does; both empty for a Pod without a controller. */
export interface Workload {
  readonly workload: string;
  readonly workloadType: string;
}

/**
 * The workload that outlives a rollout. A Deployment names its ReplicaSets `<deployment>-<pod-template-hash>` and labels
 * their Pods with the hash; any other controller is the workload itself.
 *
 * Source: `getNewReplicaSet` in
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/deployment/sync.go
 */
export function workloadOf({ owner, templateHash }: Pick<Pod, 'owner' | 'templateHash'>): Workload {
  if (owner === undefined) return { workload: '', workloadType: '' };
  const suffix = `-${templateHash}`;
  const isOfDeployment =
    owner.kind === 'ReplicaSet' &&
    templateHash !== '' &&
    owner.name.length > suffix.length &&
    owner.name.endsWith(suffix);
  return isOfDeployment
    ? { workload: owner.name.slice(0, -suffix.length), workloadType: 'deployment' }
    : { workload: owner.name, workloadType: owner.kind.toLowerCase() };
}
