import { textAt, textsAt, valueAt } from './value-at.ts';

/** `apps/v1 Deployment watch`, with the namespace before the name where it is another than `restart-ledger`. */
export function identityOf(manifest: unknown): string {
  const namespace = textAt(manifest, 'metadata.namespace');
  const name = textAt(manifest, 'metadata.name');
  const elsewhere = namespace !== '' && namespace !== 'restart-ledger' ? `${namespace}/` : '';
  return `${textAt(manifest, 'apiVersion')} ${textAt(manifest, 'kind')} ${elsewhere}${name}`;
}

/** A template that Pods are made from. */
export interface PodTemplate {
  /** The identity of the object that it stands in. */
  readonly of: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: unknown;
  /** The life of its Pods: scaled by requests, long-running, or run to completion. */
  readonly life: 'knative' | 'stays' | 'ends';
}

/** The Pod template of a workload; `undefined` for any other object. */
export function podTemplateOf(manifest: unknown): PodTemplate | undefined {
  const kind = `${textAt(manifest, 'apiVersion')} ${textAt(manifest, 'kind')}`;
  const place = places.get(kind);
  if (place === undefined) return undefined;
  const template = valueAt(manifest, place.path);
  return {
    of: identityOf(manifest),
    labels: textsAt(template, 'metadata.labels'),
    spec: valueAt(template, 'spec'),
    life: place.life,
  };
}

interface Place {
  readonly path: string;
  readonly life: PodTemplate['life'];
}

const places: ReadonlyMap<string, Place> = new Map([
  ['apps/v1 Deployment', { path: 'spec.template', life: 'stays' }],
  ['apps/v1 StatefulSet', { path: 'spec.template', life: 'stays' }],
  ['batch/v1 CronJob', { path: 'spec.jobTemplate.spec.template', life: 'ends' }],
  ['serving.knative.dev/v1 Service', { path: 'spec.template', life: 'knative' }],
]);

/** Whether `selector` (`matchLabels`) selects what has `labels`; an empty one selects everything. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(([label, value]) => labels[label] === value);
}
