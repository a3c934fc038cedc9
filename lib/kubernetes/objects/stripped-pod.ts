import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { isObject, type Untrusted } from '../../narrow.ts';

/**
 * A Pod with nothing but the fields that {@link file://./pod.ts} reads: no environment, no arguments, no managed
 * fields, no messages. What it leaves stands as it was, so that reading it gives the same restarts.
 */
export function strippedPod(pod: Untrusted<V1Pod>): object {
  const { metadata, spec, status } = pod;
  const owners = part(metadata, ['ownerReferences'])['ownerReferences'];
  const inits = part(spec, ['initContainers'])['initContainers'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...part(metadata, ['namespace', 'name', 'uid', 'resourceVersion', 'creationTimestamp']),
      ...parts('ownerReferences', owners, ['kind', 'name', 'controller']),
    },
    spec: {
      ...part(spec, ['nodeName']),
      ...parts('initContainers', inits, ['name', 'restartPolicy']),
    },
    status: Object.fromEntries(
      statusLists.flatMap((field) => Object.entries(statuses(field, part(status, [field])[field]))),
    ),
  };
}

const statusLists = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const;

function statuses(field: string, list: unknown): object {
  if (!Array.isArray(list)) return list === undefined ? {} : { [field]: list };
  return {
    [field]: list.map((status: unknown) =>
      isObject<V1ContainerStatus>(status)
        ? {
            ...part(status, ['name', 'image', 'restartCount', 'containerID']),
            ...state('state', status.state),
            ...state('lastState', status.lastState),
          }
        : status,
    ),
  };
}

function state(field: string, value: unknown): object {
  if (!isObject(value)) return value === undefined ? {} : { [field]: value };
  const running = part(value, ['running'])['running'];
  const terminated = part(value, ['terminated'])['terminated'];
  const ended = ['exitCode', 'signal', 'reason', 'startedAt', 'finishedAt', 'containerID'];
  return {
    [field]: {
      ...(running !== undefined && { running: isObject(running) ? part(running, ['startedAt']) : running }),
      ...(terminated !== undefined && {
        terminated: isObject(terminated) ? part(terminated, ended) : terminated,
      }),
    },
  };
}

function parts(field: string, list: unknown, fields: readonly string[]): object {
  if (!Array.isArray(list)) return list === undefined ? {} : { [field]: list };
  return { [field]: list.map((each: unknown) => (isObject(each) ? part(each, fields) : each)) };
}

function part(value: unknown, fields: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isObject<Record<string, unknown>>(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([field]) => fields.includes(field)));
}
