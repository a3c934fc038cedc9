import type { IncomingHttpHeaders } from 'node:http';
import { LedgerError } from '../errors.ts';
import { parseEventJson } from './event-json.ts';
import { isJson, parseMediaType } from './media-type.ts';

/**
 * The CloudEvents that one HTTP request carries, as they came: attributes are not checked and data is not decoded
 * (in binary mode it is the body's bytes), so that unsupported events are rejected before they are decoded.
 *
 * Binary and structured mode give one element, batched mode any number.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 *
 * @throws LedgerError `invalid-input` for what is not a CloudEvent, `unsupported-media-type` for an unsupported content
 * type or encoding.
 */
export function readHttpMessage(headers: IncomingHttpHeaders, body: Buffer): readonly unknown[] {
  refuseEncoding(headers['content-encoding']);
  const mediaType = parseMediaType(headers['content-type']);
  if (mediaType.type.startsWith('application/cloudevents')) {
    if (!isJson(mediaType)) throw unsupported('content type', headers['content-type']);
    if (mediaType.type === 'application/cloudevents+json')
      return [parseEventJson(body, 'the structured event')];
    if (mediaType.type === 'application/cloudevents-batch+json') return readBatch(body);
    throw unsupported('content type', headers['content-type']);
  }
  const event = binaryAttributes(headers);
  if (event !== undefined) {
    if (headers['content-type'] !== undefined) event['datacontenttype'] = headers['content-type'];
    if (body.length > 0) event['data'] = body;
    return [event];
  }
  if (!isJson(mediaType)) throw unsupported('content type', headers['content-type']);
  throw new LedgerError('invalid-input', {
    operation: 'reading',
    subject: 'the request',
    fact: 'it is not a CloudEvent: it has no ce- headers and its content type is not a CloudEvents format',
    remedy: 'send ce-specversion, ce-id, ce-source and ce-type, or application/cloudevents+json',
  });
}

function readBatch(body: Buffer): readonly unknown[] {
  const batch = parseEventJson(body, 'the batch');
  if (Array.isArray(batch)) return batch;
  throw new LedgerError('invalid-input', {
    operation: 'reading',
    subject: 'the batch',
    fact: 'it is not a JSON list',
    remedy: 'send a list of structured events, or application/cloudevents+json for a single one',
  });
}

/** The attributes in the headers; `undefined` when there is none. */
function binaryAttributes(headers: IncomingHttpHeaders): Record<string, unknown> | undefined {
  let attributes: Record<string, unknown> | undefined;
  for (const name in headers) {
    if (!name.startsWith('ce-')) continue;
    const value = headers[name];
    if (typeof value !== 'string') continue;
    attributes ??= {};
    const attribute = name.slice('ce-'.length);
    // By assignment it would not become a property, and the invalid name would not be rejected.
    if (attribute === '__proto__') Object.defineProperty(attributes, attribute, { value, enumerable: true });
    else attributes[attribute] = percentDecoded(value);
  }
  return attributes;
}

/** What does not decode stays as it is. Source: "HTTP Header Values" in section 3.1.3.2 of the binding. */
function percentDecoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function refuseEncoding(encoding = 'identity'): void {
  if (encoding !== 'identity') throw unsupported('content encoding', encoding);
}

function unsupported(what: string, value: string | undefined): LedgerError {
  return new LedgerError('unsupported-media-type', {
    operation: 'reading',
    subject: 'the request',
    fact: `the ${what} ${JSON.stringify(value ?? '')} is not supported`,
    remedy: 'send JSON in UTF-8, uncompressed, as a CloudEvent in binary, structured or batched mode',
  });
}
