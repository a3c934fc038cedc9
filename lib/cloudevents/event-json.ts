import { isObject } from '../narrow.ts';

interface Event {
  readonly data: unknown;
  readonly datacontenttype: unknown;
}

/**
 * An event as one line of JSON in structured mode, its attributes as they came. Bytes that are not JSON, whatever
 * their content type says, become `data_base64`, so that an invalid event is kept whole.
 *
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
 */
export function eventJson(event: object): string {
  const { data, ...attributes }: { readonly data?: unknown } = event;
  if (!Buffer.isBuffer(data)) return JSON.stringify(event);
  const contentType = isObject<Event>(event) ? String(event.datacontenttype ?? '') : '';
  return JSON.stringify({ ...attributes, ...jsonOrBytes(data, contentType) });
}

function jsonOrBytes(bytes: Buffer, contentType: string): object {
  const bytesAsThey = { data_base64: bytes.toString('base64') };
  if (!/\bjson\b/i.test(contentType)) return bytesAsThey;
  try {
    return { data: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return bytesAsThey;
  }
}
