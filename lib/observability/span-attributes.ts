import type { Attributes } from '@opentelemetry/api';
import type { CloudEventV1 } from 'cloudevents';
import type { Pod } from '../restarts/pod.ts';
import { type Restart, restartId } from '../restarts/restart.ts';

/**
 * The attributes of spans, by the names of the semantic conventions where these have one.
 *
 * Sources: https://opentelemetry.io/docs/specs/semconv/registry/attributes/k8s/ and
 * https://opentelemetry.io/docs/specs/semconv/registry/attributes/cloudevents/
 */

export function noAttributes(): Attributes {
  return {};
}

export function podAttributes({ namespace, name, uid }: Pod): Attributes {
  return { 'k8s.namespace.name': namespace, 'k8s.pod.name': name, 'k8s.pod.uid': uid };
}

export function restartAttributes(restart: Restart): Attributes {
  return {
    'k8s.namespace.name': restart.namespace,
    'k8s.pod.name': restart.pod,
    'k8s.pod.uid': restart.uid,
    'k8s.container.name': restart.container,
    'k8s.container.restart_count': restart.ordinal,
    'k8s.container.status.last_terminated_reason': restart.reason,
    'restart.id': restartId(restart),
  };
}

export function eventAttributes({
  id,
  source,
  type,
  specversion,
  subject,
}: CloudEventV1<unknown>): Attributes {
  return {
    'cloudevents.event_id': id,
    'cloudevents.event_source': source,
    'cloudevents.event_spec_version': specversion,
    'cloudevents.event_type': type,
    ...(subject !== undefined && { 'cloudevents.event_subject': subject }),
  };
}
