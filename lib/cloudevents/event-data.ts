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
  if (!isJson(parseMediaType(event.datacontenttype))) {
    throw new LedgerError('unsupported-media-type', {
      operation: 'reading',
      subject: "the CloudEvent's data",
      fact: `the content type ${JSON.stringify(event.datacontenttype)} is not JSON in UTF-8`,
      remedy: 'send application/json',
    });
  }
  const { data, data_base64: base64 } = event;
  if (data === undefined && typeof base64 === 'string') {
    return parseEventJson(Buffer.from(base64, 'base64'), "the CloudEvent's data_base64");
  }
  const bytes = bytesOf(data);
  if (bytes !== undefined) return parseEventJson(bytes, "the CloudEvent's data");
  return typeof data === 'string' ? parseEventJson(data, "the CloudEvent's data") : data;
}

/** The CloudEvents SDK, under other hosts, decodes `data_base64` into a `Uint32Array` with one byte an element. */
function bytesOf(data: unknown): Buffer | undefined {
  if (Buffer.isBuffer(data)) return data;
  return data instanceof Uint8Array || data instanceof Uint32Array ? Buffer.from(data) : undefined;
}
