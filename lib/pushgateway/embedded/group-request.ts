/** The group that a push URL names, or why it names none. */
export type GroupRequest = { readonly labels: ReadonlyMap<string, string> } | { readonly fault: string };

const base64Suffix = '@base64';
const reservedPrefix = '__';

/**
 * The grouping labels of a push or delete, from the path after `/metrics/`; `undefined` when it is not such a path.
 * The path has been percent-decoded as a whole already, as the Pushgateway does it: `%2F` separates like `/`.
 *
 * Source: `splitLabels` in https://github.com/prometheus/pushgateway/blob/master/handler/push.go
 */
export function readGroupRequest(path: string): GroupRequest | undefined {
  const match = /^job(@base64)?\/([^/]*)(?:\/(.*))?$/s.exec(path);
  if (match === null) return undefined;
  const [, encoded, given = '', rest = ''] = match;
  const job = encoded === undefined ? given : decodeBase64(given);
  if (job === undefined) {
    return { fault: `invalid base64 encoding in job name "": ${illegalByte(given)}` };
  }
  if (given === '') return undefined;
  const labels = new Map<string, string>();
  const components = rest === '' ? [] : rest.split('/');
  if (components.length % 2 !== 0) {
    return { fault: `odd number of components in label string ${JSON.stringify(`/${rest}`)}` };
  }
  for (let index = 0; index < components.length; index += 2) {
    const [component = '', value = ''] = components.slice(index, index + 2);
    const label = component.endsWith(base64Suffix) ? component.slice(0, -base64Suffix.length) : component;
    if (!/^[A-Za-z_]\w*$/.test(label) || label.startsWith(reservedPrefix)) {
      return { fault: `improper label name ${JSON.stringify(label)}` };
    }
    const decoded = label === component ? value : decodeBase64(value);
    if (decoded === undefined) {
      const fact = `${label}=${JSON.stringify(value)}: ${illegalByte(value)}`;
      return { fault: `invalid base64 encoding for label ${fact}` };
    }
    labels.set(label, decoded);
  }
  if (job === '') return { fault: 'job name is required' };
  return { labels: labels.set('job', job) };
}

/** Base64 for URLs, with or without padding; `undefined` when invalid. */
function decodeBase64(text: string): string | undefined {
  const bare = text.replace(/=+$/, '');
  if (!/^[\w-]*$/.test(bare) || bare.length % 4 === 1) return undefined;
  return Buffer.from(bare, 'base64url').toString('utf8');
}

/** Go's message for invalid base64. */
function illegalByte(text: string): string {
  const bare = text.replace(/=+$/, '');
  const illegal = bare.search(/[^\w-]/);
  const at = illegal >= 0 ? illegal : bare.length - 1;
  return `illegal base64 data at input byte ${at}`;
}
