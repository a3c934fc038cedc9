import { isUtf8 } from 'node:buffer';
import type { CloudEventV1 } from 'cloudevents';
import { LedgerError } from '../errors.ts';
import { parseEventJson } from './event-json.ts';
import { isJson, parseMediaType } from './media-type.ts';

/**
 * The JSON value that an event carries, `undefined` when it carries none. Data may come as bytes (binary mode,
 * `data_base64`), as JSON text, or as a value that has been parsed already (structured mode, other hosts).
 *
 * @throws LedgerError `unsupported-media-type` when the data is not JSON, `invalid-input` when it is invalid.
 */
export function eventData(event: CloudEventV1<unknown>): unknown {
  requireJson(event);
  const { data, data_base64: base64 } = event;
  if (data === undefined && typeof base64 === 'string') {
    return parseEventJson(Buffer.from(base64, 'base64'), "the CloudEvent's data_base64");
  }
  const bytes = bytesOf(data);
  if (bytes !== undefined) return parseEventJson(bytes, "the CloudEvent's data");
  return typeof data === 'string' ? parseEventJson(data, "the CloudEvent's data") : data;
}

/**
 * The unparsed bytes of an event in binary mode, where they may be one JSON object in UTF-8: what begins and ends as an object
 * does. `undefined` for all other data.
 *
 * @throws LedgerError `unsupported-media-type` when the data is not JSON.
 */
export function unparsedObject(event: CloudEventV1<unknown>): Buffer | undefined {
  requireJson(event);
  const { data } = event;
  return Buffer.isBuffer(data) && isBetweenBraces(data) && isUtf8(data) ? data : undefined;
}

function requireJson({ datacontenttype }: CloudEventV1<unknown>): void {
  if (isJson(parseMediaType(datacontenttype))) return;
  throw new LedgerError('unsupported-media-type', {
    operation: 'reading',
    subject: "the CloudEvent's data",
    fact: `the content type ${JSON.stringify(datacontenttype)} is not JSON in UTF-8`,
    remedy: 'send application/json',
  });
}

/** White space of JSON: https://www.rfc-editor.org/rfc/rfc8259#section-2 */
const space: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

function isBetweenBraces(bytes: Buffer): boolean {
  let start = 0;
  let last = bytes.length - 1;
  while (space.has(bytes[start])) start += 1;
  while (last > start && space.has(bytes[last])) last -= 1;
  return last > start && bytes[start] === 0x7b && bytes[last] === 0x7d;
}

/** The CloudEvents SDK, under other hosts, decodes `data_base64` into a `Uint32Array` with one byte an element. */
function bytesOf(data: unknown): Buffer | undefined {
  if (Buffer.isBuffer(data)) return data;
  return data instanceof Uint8Array || data instanceof Uint32Array ? Buffer.from(data) : undefined;
}
