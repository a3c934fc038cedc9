import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import type { CloudEventV1 } from 'cloudevents';
import { LedgerError } from '../errors.ts';
import type { Pod } from '../restarts/pod.ts';
import { readCloudEvent } from './cloud-event.ts';
import { eventData } from './event-data.ts';
import { readKubernetesObject } from './kubernetes-object.ts';
import { isObject } from './untrusted.ts';

/** What one record of a file is: a Pod, something else that is no error, or something broken. */
export type PodRecord =
  | { readonly kind: 'pod'; readonly path: string; readonly pod: Pod }
  | { readonly kind: 'other'; readonly path: string }
  | { readonly kind: 'refused'; readonly path: string; readonly failure: LedgerError };

/** A line that `kubectl get --watch --output-watch-events` or the API server's watch writes. */
interface WatchLine {
  readonly type: string;
  readonly object: unknown;
}

/**
 * The records that a JSON value holds, whatever wraps them: a Kubernetes list, a batch of CloudEvents or any
 * other JSON list, a CloudEvent of the API server source, a watch line, or an object itself. `path` leads to a
 * record from the value's root, empty for the root.
 */
export function* podRecords(value: unknown, path = ''): Generator<PodRecord> {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) yield* podRecords(element, `${path}[${index}]`);
  } else if (isObject<CloudEventV1<unknown>>(value) && value.specversion !== undefined) {
    yield* attempt(path, () => recordOfEvent(readCloudEvent(value), path));
  } else if (isObject<WatchLine>(value) && typeof value.type === 'string' && isObject(value.object)) {
    yield* value.type === 'BOOKMARK' ? [other(path)] : podRecords(value.object, within(path, 'object'));
  } else if (isObject<KubernetesListObject<KubernetesObject>>(value) && Array.isArray(value.items)) {
    const { kind, apiVersion } = value;
    const itemKind = typeof kind === 'string' && kind !== 'List' ? kind.replace(/List$/, '') : undefined;
    for (const [index, item] of value.items.entries()) {
      const typed = isObject(item) ? { kind: itemKind, apiVersion, ...item } : item;
      yield* podRecords(typed, within(path, `items[${index}]`));
    }
  } else {
    yield* attempt(path, () => recordOfObject(value, path));
  }
}

function within(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

function other(path: string): PodRecord {
  return { kind: 'other', path };
}

function recordOfEvent(event: CloudEventV1<unknown>, path: string): PodRecord {
  const carriesPod = /^dev\.knative\.apiserver\.resource\.(?:add|update|delete)$/.test(event.type);
  return carriesPod ? recordOfObject(eventData(event), within(path, 'data')) : other(path);
}

function recordOfObject(object: unknown, path: string): PodRecord {
  const pod = readKubernetesObject(object);
  return pod === undefined ? other(path) : { kind: 'pod', path, pod };
}

function* attempt(path: string, read: () => PodRecord): Generator<PodRecord> {
  try {
    yield read();
  } catch (failure) {
    if (!(failure instanceof LedgerError)) throw failure;
    yield { kind: 'refused', path, failure };
  }
}
