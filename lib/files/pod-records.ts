import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import type { CloudEventV1 } from 'cloudevents';
import { readCloudEvent } from '../cloudevents/cloud-event.ts';
import { unreadableType } from '../cloudevents/dead-letter.ts';
import { eventData } from '../cloudevents/event-data.ts';
import { LedgerError } from '../errors.ts';
import { type AuditEvent, auditedObject, isAuditEvent } from '../kubernetes/objects/audit-event.ts';
import { readKubernetesObject } from '../kubernetes/objects/kubernetes-object.ts';
import { isObject } from '../narrow.ts';
import type { Pod } from '../restarts/pod.ts';

/**
 * What one record of a file is: a Pod, another supported object, something that is neither a Kubernetes object nor one
 * of the forms around one, or something invalid.
 */
export type PodRecord =
  | { readonly kind: 'pod'; readonly path: string; readonly pod: Pod; readonly object: object }
  | { readonly kind: 'other'; readonly path: string }
  | { readonly kind: 'unknown'; readonly path: string; readonly failure: LedgerError }
  | { readonly kind: 'refused'; readonly path: string; readonly failure: LedgerError };

/** A line that `kubectl get --watch --output-watch-events` or the API server's watch writes. */
interface WatchLine {
  readonly type: string;
  readonly object: unknown;
}

/** The type of the items of a list, which they need not repeat. */
export interface ItemType {
  readonly kind: string;
  readonly apiVersion: string;
}

/** Lists, events and watch lines around an object. Three occur: an event in a list of audit events, with a list in it. */
const deepest = 16;

/**
 * The records in a value, whatever wraps them: a Kubernetes list, a batch of CloudEvents or any other list, a
 * CloudEvent of the API server source, a watch line, an audit event, or an object itself. `path` leads to a record
 * from the value's root, empty for the root; `item` is the type of an object without one of its own.
 */
export function* podRecords(given: unknown, path = '', item?: ItemType, depth = 0): Generator<PodRecord> {
  if (depth > deepest) {
    yield { kind: 'unknown', path, failure: nestedTooDeeply(path) };
    return;
  }
  const value = isObject(given) && item !== undefined ? { ...item, ...given } : given;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      yield* podRecords(element, `${path}[${index}]`, undefined, depth + 1);
  } else if (isObject<CloudEventV1<unknown>>(value) && value.specversion !== undefined) {
    yield* attempt(path, () => recordOfEvent(readCloudEvent(value), path));
  } else if (isObject<WatchLine>(value) && typeof value.type === 'string' && isObject(value.object)) {
    yield* value.type === 'BOOKMARK'
      ? [other(path)]
      : podRecords(value.object, within(path, 'object'), undefined, depth + 1);
  } else if (isObject<KubernetesListObject<KubernetesObject>>(value) && Array.isArray(value.items)) {
    const { kind, apiVersion } = value;
    const ofItems = itemType(text(kind), text(apiVersion));
    for (const [index, element] of value.items.entries()) {
      yield* podRecords(element, within(path, `items[${index}]`), ofItems, depth + 1);
    }
  } else if (isObject<AuditEvent>(value) && isAuditEvent(value)) {
    const object = auditedObject(value);
    yield* object === undefined
      ? [other(path)]
      : podRecords(object, within(path, 'object'), undefined, depth + 1);
  } else {
    yield* attempt(path, () => recordOfObject(value, path), hasKind(value) ? 'refused' : 'unknown');
  }
}

function nestedTooDeeply(path: string): LedgerError {
  const parts = {
    operation: 'reading',
    subject: path,
    fact: `it is inside of more than ${deepest} lists and events`,
  };
  return new LedgerError('invalid-input', { ...parts, remedy: 'give the objects themselves' });
}

function hasKind(value: unknown): boolean {
  return isObject<KubernetesObject>(value) && typeof value.kind === 'string';
}

/** The type of the items of a list of this type; `undefined` where the list has none. */
export function itemType(listKind: string, apiVersion: string): ItemType | undefined {
  const kind = listKind.endsWith('List') ? listKind.slice(0, -'List'.length) : '';
  return kind === '' ? undefined : { kind, apiVersion };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function within(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

function other(path: string): PodRecord {
  return { kind: 'other', path };
}

function recordOfEvent(event: CloudEventV1<unknown>, path: string): PodRecord {
  if (event.type === unreadableType) throw unreadable();
  const carriesObject = /^dev\.knative\.apiserver\.resource\.(?:add|update|delete)$/.test(event.type);
  return carriesObject ? recordOfObject(eventData(event), within(path, 'data')) : other(path);
}

function unreadable(): LedgerError {
  return new LedgerError('invalid-input', {
    operation: 'reading',
    subject: 'the dead letter',
    fact: 'the request was no CloudEvent',
    remedy: 'look at its bytes, which data_base64 holds',
  });
}

function recordOfObject(object: unknown, path: string): PodRecord {
  const pod = readKubernetesObject(object);
  return pod === undefined || !isObject(object) ? other(path) : { kind: 'pod', path, pod, object };
}

function* attempt(
  path: string,
  read: () => PodRecord,
  otherwise: 'refused' | 'unknown' = 'refused',
): Generator<PodRecord> {
  try {
    yield read();
  } catch (failure) {
    if (!(failure instanceof LedgerError)) throw failure;
    yield { kind: otherwise, path, failure };
  }
}
