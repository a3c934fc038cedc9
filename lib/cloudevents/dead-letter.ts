import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { V1Pod } from '@kubernetes/client-node';
import { LedgerError } from '../errors.ts';
import { strippedPod } from '../kubernetes/objects/stripped-pod.ts';
import { isObject } from '../narrow.ts';
import { hasTooManyValues } from './event-json.ts';
import { readHttpMessage } from './http-message.ts';

/** A request that a broker gave up on, as it is kept. */
export interface DeadLetter {
  /** JSON without a line break: a structured CloudEvent, or a list of them. */
  readonly line: string;
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
      return { line: JSON.stringify(keptEvent(event)), attributes: event };
    }
    return {
      line: JSON.stringify(events.map((each) => (isObject<Event>(each) ? keptEvent(each) : each))),
      attributes: {},
    };
  } catch (error) {
    // JSON that is nested too deeply cannot be written again.
    if (!(error instanceof LedgerError) && !(error instanceof RangeError)) throw error;
    return unreadable(headers, body);
  }
}

interface Event extends Required<DeadLetter['attributes']> {
  readonly data: unknown;
  readonly datacontenttype: unknown;
}

function keptEvent(event: { readonly data?: unknown; readonly datacontenttype?: unknown }): object {
  const { data, ...attributes } = event;
  if (data === undefined) return attributes;
  if (!Buffer.isBuffer(data)) return { ...attributes, data: keptObject(data) };
  return { ...attributes, ...jsonOrBytes(data, String(event.datacontenttype ?? '')) };
}

function jsonOrBytes(bytes: Buffer, contentType: string): object {
  const bytesAsThey = { data_base64: bytes.toString('base64') };
  if (!/\bjson\b/i.test(contentType) || hasTooManyValues(bytes)) return bytesAsThey;
  try {
    return { data: keptObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))) };
  } catch {
    return bytesAsThey;
  }
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
    data_base64: body.toString('base64'),
  };
  return { line: JSON.stringify(event), attributes: event };
}
