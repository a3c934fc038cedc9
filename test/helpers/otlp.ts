import { isObject } from '../../lib/narrow.ts';

/** A span as it was exported, in the names of OTLP's JSON; times and what is empty are left out. */
export interface ExportedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Empty where the status is no error. */
  readonly error: string;
}

/** One export: the resource's attributes, and the spans in their order. */
export interface DecodedExport {
  readonly resource: Readonly<Record<string, string | number>>;
  readonly spans: readonly ExportedSpan[];
}

/** The numbers of the fields that are read, by message. Source: https://github.com/open-telemetry/opentelemetry-proto */
const resourceSpans = 1;
const resource = 1;
const resourceAttributes = 1;
const scopeSpans = 2;
const spans = 2;
const span = { traceId: 1, spanId: 2, parentSpanId: 4, name: 5, attributes: 9, status: 15 };
const status = { message: 2, code: 3 };

type Field = readonly [number: number, value: Buffer | bigint];

/** The fields of a message in the protobuf wire format: https://protobuf.dev/programming-guides/encoding/ */
function* fields(message: Buffer): Generator<Field, void, void> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new RangeError('the message ends within a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const [number, type] = [tag >> 3, tag & 7];
    if (type === 0) yield [number, varint()];
    else {
      const length = type === 2 ? Number(varint()) : type === 1 ? 8 : type === 5 ? 4 : Number.NaN;
      if (!(at + length <= message.length)) throw new RangeError(`field ${number} of type ${type} is cut`);
      yield [number, message.subarray(at, at + length)];
      at += length;
    }
  }
}

function* messages(message: Buffer, wanted: number): Generator<Buffer, void, void> {
  for (const [number, value] of fields(message)) {
    if (number === wanted && value instanceof Buffer) yield value;
  }
}

function textAt(message: Buffer, wanted: number, encoding: BufferEncoding = 'utf8'): string {
  const [first] = messages(message, wanted);
  return first?.toString(encoding) ?? '';
}

function attributesAt(message: Buffer, wanted: number): Record<string, string | number> {
  const attributes = [...messages(message, wanted)].map((pair) => {
    const [value = Buffer.of()] = messages(pair, 2);
    const [[kind, given] = [0, 0n]] = fields(value);
    return [textAt(pair, 1), kind === 1 ? String(given) : Number(given)] as const;
  });
  return Object.fromEntries(attributes);
}

/** An `ExportTraceServiceRequest` in protobuf. */
export function decodeProtobuf(body: Buffer): DecodedExport {
  const [of = Buffer.of()] = messages(body, resourceSpans);
  const [its = Buffer.of()] = messages(of, resource);
  const found = [...messages(of, scopeSpans)].flatMap((scope) => [...messages(scope, spans)]);
  return {
    resource: attributesAt(its, resourceAttributes),
    spans: found.map((one) => {
      const [state = Buffer.of()] = messages(one, span.status);
      const code = [...fields(state)].find(([number]) => number === status.code)?.[1];
      return {
        name: textAt(one, span.name),
        traceId: textAt(one, span.traceId, 'hex'),
        spanId: textAt(one, span.spanId, 'hex'),
        parentSpanId: textAt(one, span.parentSpanId, 'hex'),
        attributes: attributesAt(one, span.attributes),
        error: code === 2n ? textAt(state, status.message) : '',
      };
    }),
  };
}

/** The same in JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export function decodeJson(body: Buffer): DecodedExport {
  const [of] = listAt(JSON.parse(body.toString('utf8')), 'resourceSpans');
  const found = listAt(of, 'scopeSpans').flatMap((scope) => listAt(scope, 'spans'));
  return {
    resource: jsonAttributes(at(of, 'resource')),
    spans: found.map((one) => ({
      name: String(at(one, 'name')),
      traceId: String(at(one, 'traceId')),
      spanId: String(at(one, 'spanId')),
      parentSpanId: String(at(one, 'parentSpanId') ?? ''),
      attributes: jsonAttributes(one),
      error: at(at(one, 'status'), 'code') === 2 ? String(at(at(one, 'status'), 'message')) : '',
    })),
  };
}

function jsonAttributes(of: unknown): Record<string, string | number> {
  const pairs = listAt(of, 'attributes').map((pair) => {
    const value = at(pair, 'value');
    const number = at(value, 'intValue');
    return [
      String(at(pair, 'key')),
      number === undefined ? String(at(value, 'stringValue')) : Number(number),
    ] as const;
  });
  return Object.fromEntries(pairs);
}

function at(value: unknown, name: string): unknown {
  return isObject<Record<string, unknown>>(value) ? value[name] : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = at(value, name);
  return Array.isArray(list) ? list : [];
}
