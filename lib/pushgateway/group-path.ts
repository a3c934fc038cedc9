import type { GroupingKey } from '../metrics/grouping-key.ts';

/**
 * The path of a group below the Pushgateway's base URL: `/metrics/job/pod_monitor/namespace/default/…`.
 *
 * Values that a path segment cannot carry (empty, with a slash, or a dot segment that a client or proxy would
 * resolve) are written as `label@base64`.
 * Source: https://github.com/prometheus/pushgateway#url
 */
export function groupPath(key: GroupingKey): string {
  const segments = key.map(([label, value]) =>
    value === '' || value === '.' || value === '..' || value.includes('/')
      ? `${label}@base64/${Buffer.from(value, 'utf8').toString('base64url') || '='}`
      : `${label}/${encodeURIComponent(value)}`,
  );
  return `/metrics/${segments.join('/')}`;
}
