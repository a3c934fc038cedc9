import type { GroupingKey } from '../metrics/grouping-key.ts';

/**
 * The path of a group below the Pushgateway's base URL: `/metrics/job/pod_monitor/namespace/default/…`.
 *
 * Values that a path segment cannot carry (empty, with a slash, or a dot segment that a client or proxy would
 * resolve) are written as `label@base64`.
 * Source: https://github.com/prometheus/pushgateway#url
 */
export function groupPath(key: GroupingKey): string {
  let path = '/metrics';
  for (const [label, value] of key) path += segments(label, value);
  return path;
}

/** What a path segment carries as it is, which nearly all values are: https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
const unreserved = /^[\w.~-]+$/;

function segments(label: string, value: string): string {
  if (value === '' || value === '.' || value === '..' || value.includes('/'))
    return `/${label}@base64/${Buffer.from(value, 'utf8').toString('base64url') || '='}`;
  return `/${label}/${unreserved.test(value) ? value : encodeURIComponent(value)}`;
}
