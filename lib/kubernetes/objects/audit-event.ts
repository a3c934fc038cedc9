import { isObject, type Untrusted } from '../../narrow.ts';

/** The fields of an API server's audit event that lead to an object. */
export interface AuditEvent {
  readonly kind: string;
  readonly apiVersion: string;
  readonly responseStatus: { readonly code: number };
  readonly responseObject: unknown;
  readonly requestObject: unknown;
}

export function isAuditEvent(value: Untrusted<AuditEvent>): boolean {
  return (
    value.kind === 'Event' &&
    typeof value.apiVersion === 'string' &&
    value.apiVersion.startsWith('audit.k8s.io/')
  );
}

/**
 * The object that a request left, as an audit event has it: what was answered, else what was sent where that is a
 * whole object. `undefined` where it has none: below the level `RequestResponse` and for a patch, which is
 * only a part; for a request that failed, which changed nothing.
 *
 * Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Event
 */
export function auditedObject({
  responseStatus,
  responseObject,
  requestObject,
}: Untrusted<AuditEvent>): unknown {
  const code = isObject<AuditEvent['responseStatus']>(responseStatus) ? responseStatus.code : undefined;
  if (typeof code === 'number' && code >= 400) return undefined;
  if (isObject(responseObject)) return responseObject;
  return isWholeObject(requestObject) ? requestObject : undefined;
}

function isWholeObject(object: unknown): boolean {
  if (!isObject<{ kind: unknown; metadata: unknown }>(object) || typeof object.kind !== 'string')
    return false;
  return isObject<{ uid: unknown }>(object.metadata) && typeof object.metadata.uid === 'string';
}
