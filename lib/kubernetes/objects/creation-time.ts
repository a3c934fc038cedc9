import type { V1ObjectMeta } from '@kubernetes/client-node';
import { isObject } from '../../narrow.ts';
import { unixSeconds } from '../../rfc3339.ts';

/** When a Pod was created, in Unix seconds; `undefined` when missing or invalid. */
export function creationTime(object: unknown): number | undefined {
  const metadata = isObject<{ metadata: V1ObjectMeta }>(object) ? object.metadata : undefined;
  const written = isObject<V1ObjectMeta>(metadata) ? metadata.creationTimestamp : undefined;
  const time = typeof written === 'string' ? unixSeconds(written) : undefined;
  return Number.isNaN(time) ? undefined : time;
}
