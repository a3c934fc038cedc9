import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { V1Pod } from '@kubernetes/client-node';
import { LedgerError } from '../errors.ts';
import { strippedPod } from '../kubernetes/objects/stripped-pod.ts';
import { isObject, type Untrusted } from '../narrow.ts';
import { hasTooManyValues } from './event-json.ts';
import { readHttpMessage } from './http-message.ts';

/** A request that a broker gave up on, as it is kept. */
export interface DeadLetter {
  /** JSON without a line break, in pieces, which are made as they are taken: a structured CloudEvent, or a list of them. */
  readonly line: Iterable<string>;
  /** Of its only event; empty where there is none, or several. */
  readonly attributes: {
    readonly id?: unknown;
    readonly type?: unknown;
    readonly source?: unknown;
    /** The status that the function answered, which Knative passes to a dead-letter sink. */
    readonly knativeerrorcode?: unknown;
  };
}

/** The type of a request that is no CloudEvent: the bytes of its body are `data_base64`. */
export const unreadableType = 'dev.restart-ledger.unreadable';

/**
 * Whatever a request carries, so that it can be replayed: its events with their attributes as they came, and with Pods stripped
 * to what is read, since their environment may contain secrets; bytes that are not JSON as `data_base64`.
 *
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
 */
export function readDeadLetter(headers: IncomingHttpHeaders, body: Buffer): DeadLetter {
  try {
    const events = readHttpMessage(headers, body);
    const [event] = events;
    if (events.length === 1 && isObject<Event>(event)) {
      return { line: lineOf(event), attributes: event };
    }
    return { line: [JSON.stringify(events.map(keptElement))], attributes: {} };
  } catch (error) {
    // JSON that is nested too deeply cannot be written again.
    if (!(error instanceof LedgerError) && !(error instanceof RangeError)) throw error;
    return unreadable(headers, body);
  }
}

interface Event extends Required<DeadLetter['attributes']> {
  readonly data: unknown;
  readonly data_base64: unknown;
  readonly datacontenttype: unknown;
}

function lineOf(event: Untrusted<Event>): Iterable<string> {
  // In binary mode it can only be a header, which is not the data.
  const { data, data_base64: header, ...attributes } = event;
  if (!Buffer.isBuffer(data)) return [JSON.stringify(keptEvent(event))];
  const json = parsed(data, String(event.datacontenttype ?? ''));
  if (json === undefined) return withBytes(attributes, data);
  return [JSON.stringify({ ...attributes, data: keptObject(json.value) })];
}

function keptElement(element: unknown): unknown {
  return isObject<Event>(element) ? keptEvent(element) : element;
}

function keptEvent(event: Untrusted<Event>): object {
  const { data, ...attributes } = event;
  return data === undefined ? attributes : { ...attributes, data: keptObject(data) };
}

/** `undefined` for bytes that are not to be parsed, or cannot be. */
function parsed(bytes: Buffer, contentType: string): { readonly value: unknown } | undefined {
  if (!/\bjson\b/i.test(contentType) || hasTooManyValues(bytes)) return undefined;
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return undefined;
  }
}

/** Bytes without a remainder in Base64. */
const bytesInPiece = 3 * 65_536;

/** As one text, the Base64 of a large body would take more memory than the body, and block the event loop. */
function* withBytes(attributes: object, bytes: Buffer): Generator<string> {
  const head = JSON.stringify({ ...attributes, data_base64: '' });
  yield head.slice(0, -'"}'.length);
  for (let start = 0; start < bytes.length; start += bytesInPiece) {
    yield bytes.toString('base64', start, start + bytesInPiece);
  }
  yield '"}';
}

function keptObject(data: unknown): unknown {
  return isObject<V1Pod>(data) && data.kind === 'Pod' && data.apiVersion === 'v1' ? strippedPod(data) : data;
}

/** Equal bodies get equal IDs, as events that are delivered twice do. */
function unreadable(headers: IncomingHttpHeaders, body: Buffer): DeadLetter {
  const event = {
    specversion: '1.0',
    id: createHash('sha256').update(body).digest('hex').slice(0, 32),
    source: '/dead-letters',
    type: unreadableType,
    ...(headers['content-type'] !== undefined && { datacontenttype: headers['content-type'] }),
  };
  return { line: withBytes(event, body), attributes: event };
}
