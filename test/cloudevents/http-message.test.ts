import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { readCloudEvent } from '../../lib/cloudevents/cloud-event.ts';
import { eventData } from '../../lib/cloudevents/event-data.ts';
import { readHttpMessage } from '../../lib/cloudevents/http-message.ts';

const ce = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't' };
const event = { specversion: '1.0', id: '1', source: '/s', type: 't' };

test('a binary message is its ce- headers, its content type, and its unchanged bytes', () => {
  const headers = { ...ce, 'ce-subject': 'Euro%20%E2%82%AC', 'content-type': 'application/json', host: 'x' };
  assert.deepEqual(readHttpMessage(headers, Buffer.from('{}')), [
    { ...event, subject: 'Euro €', datacontenttype: 'application/json', data: Buffer.from('{}') },
  ]);
});

test('a binary message without a body is an event without data', () => {
  assert.deepEqual(readHttpMessage(ce, Buffer.alloc(0)), [event]);
});

test('a binary message of an unsupported content type is read: its event type may be unsupported too, which is no error', () => {
  const headers = { ...ce, 'content-type': 'text/xml' };
  assert.deepEqual(readHttpMessage(headers, Buffer.from('<a/>')), [
    { ...event, datacontenttype: 'text/xml', data: Buffer.from('<a/>') },
  ]);
});

test('an invalid percent escape is kept unchanged', () => {
  assert.deepEqual(readHttpMessage({ ...ce, 'ce-subject': '100%' }, Buffer.alloc(0)), [
    { ...event, subject: '100%' },
  ]);
});

test('a structured message is its JSON document', () => {
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  assert.deepEqual(readHttpMessage(headers, Buffer.from(JSON.stringify({ ...event, data: 0 }))), [
    { ...event, data: 0 },
  ]);
});

test('a batch is its elements, invalid ones too', () => {
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  assert.deepEqual(readHttpMessage(headers, Buffer.from('[]')), []);
  assert.deepEqual(readHttpMessage(headers, Buffer.from(JSON.stringify([event, 7]))), [event, 7]);
});

const structured = { 'content-type': 'application/cloudevents+json' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };
const refused: readonly [headers: Record<string, string>, body: string, kind: string, message: RegExp][] = [
  [{}, '{}', 'invalid-input', /it is not a CloudEvent: it has no ce- headers/],
  [{ 'content-type': 'application/json' }, '{}', 'invalid-input', /it is not a CloudEvent/],
  [
    { 'content-type': 'text/plain' },
    'x',
    'unsupported-media-type',
    /the content type "text\/plain" is not supported/,
  ],
  [{ 'content-type': 'application/cloudevents+avro' }, 'x', 'unsupported-media-type', /cloudevents\+avro/],
  [{ ...structured, 'content-encoding': 'gzip' }, '{}', 'unsupported-media-type', /content encoding "gzip"/],
  [
    { 'content-type': 'application/cloudevents+json; charset=utf-16' },
    '{}',
    'unsupported-media-type',
    /charset=utf-16/,
  ],
  [
    structured,
    '',
    'invalid-input',
    /parsing the structured event: it is empty; send one whole JSON document/,
  ],
  [structured, '{"a":', 'invalid-input', /parsing the structured event: Unexpected end of JSON input/],
  [structured, '\u{feff}{}', 'invalid-input', /parsing the structured event: Unexpected token/],
  [batch, '{}', 'invalid-input', /reading the batch: it is not a JSON list/],
];

for (const [headers, body, kind, message] of refused) {
  test(`refused as ${kind}: ${JSON.stringify(headers)} ${JSON.stringify(body)}`, () => {
    assert.throws(() => readHttpMessage(headers, Buffer.from(body)), { name: 'LedgerError', kind, message });
  });
}

test('bytes that are not UTF-8 are refused, not replaced', () => {
  assert.throws(() => readHttpMessage(structured, Buffer.from([0x7b, 0xff, 0x7d])), {
    kind: 'invalid-input',
    message: /the bytes are not UTF-8/,
  });
});

test('a message of the CloudEvents SDK, in both modes, is read as the same event', () => {
  const text = fc.string({ minLength: 1 }).filter((value) => value.trim() === value);
  const attributes = fc.record(
    { id: text, subject: text, data: fc.dictionary(fc.string(), fc.jsonValue()) },
    { requiredKeys: ['id', 'data'] },
  );
  fc.assert(
    fc.property(attributes, fc.boolean(), ({ id, subject, data }, binary) => {
      fc.pre(printable(id) && printable(subject ?? ''));
      const sent = new CloudEvent({
        id,
        source: '/apis/v1',
        type: 't',
        time: '2026-11-20T10:00:00.000Z',
        datacontenttype: 'application/json',
        data,
        ...(subject !== undefined && { subject }),
      });
      const message = binary ? HTTP.binary(sent) : HTTP.structured(sent);
      const headers = Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      );
      const received = readHttpMessage(headers, Buffer.from(String(message.body))).map(readCloudEvent);
      assert.equal(received.length, 1);
      const [read] = received;
      assert.ok(read);
      const { id: readId, source, type, time, subject: readSubject } = read;
      assert.deepEqual(
        { id: readId, source, type, time, subject: readSubject, data: eventData(read) },
        {
          id,
          source: '/apis/v1',
          type: 't',
          time: '2026-11-20T10:00:00.000Z',
          subject,
          data: JSON.parse(JSON.stringify(data)),
        },
      );
    }),
  );
});

/** The SDK does not escape header values, so only what a header may hold can make the way. */
function printable(value: string): boolean {
  return /^[\x20-\x24\x26-\x7e]*$/.test(value);
}
