import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudEvent } from 'cloudevents';
import { readCloudEvent } from '../../lib/cloudevents/cloud-event.ts';

const event = { specversion: '1.0', id: '1', source: '/s', type: 't' };

const kept: readonly [sentence: string, event: object][] = [
  ['an event with the four required attributes', event],
  [
    'every optional attribute and extensions of any type',
    {
      ...event,
      source: 'https://10.96.0.1:443/a%20b',
      subject: '/apis/v1/namespaces/a/pods/b',
      time: '2026-11-23T07:16:22.380275022Z',
      datacontenttype: 'application/json',
      dataschema: 'https://example.com/schema',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      sequence: 7,
      data: null,
    },
  ],
  ['data in base64', { ...event, data_base64: 'e30=' }],
  ["an event of the CloudEvents SDK's own class", new CloudEvent({ ...event, data: { a: 1 } })],
];

for (const [sentence, candidate] of kept) {
  test(`${sentence} is accepted unchanged`, () => assert.equal(readCloudEvent(candidate), candidate));
}

test('an attribute that is null counts as omitted, and data that is null is data', () => {
  const unset = { subject: null, datacontenttype: null, traceparent: null, data_base64: null };
  assert.deepEqual(readCloudEvent({ ...event, ...unset, data: null }), { ...event, data: null });
});

const refused: readonly [candidate: unknown, message: string][] = [
  [undefined, 'event: it is not a JSON object'],
  [[event], 'event: it is not a JSON object'],
  ['event', 'event: it is not a JSON object'],
  [{ ...event, specversion: undefined }, 'specversion: a missing value is not "1.0"'],
  [{ ...event, specversion: '0.3' }, 'specversion: "0.3" is not "1.0"'],
  [{ ...event, specversion: 1 }, 'specversion: a number is not "1.0"'],
  [{ ...event, id: undefined }, 'id: a missing value is not text that is not empty'],
  [{ ...event, id: '' }, 'id: "" is not text that is not empty'],
  [{ ...event, id: 7 }, 'id: a number is not text that is not empty'],
  [{ ...event, type: '' }, 'type: "" is not text that is not empty'],
  [{ ...event, source: '' }, 'source: "" is not a URI reference'],
  [{ ...event, source: 'a b' }, 'source: "a b" is not a URI reference'],
  [{ ...event, source: '/%zz' }, 'source: "/%zz" is not a URI reference'],
  [{ ...event, subject: '' }, 'subject: "" is not text that is not empty'],
  [{ ...event, datacontenttype: '' }, 'datacontenttype: "" is not text that is not empty'],
  [{ ...event, dataschema: '/relative' }, 'dataschema: "/relative" is not a URI'],
  [{ ...event, time: 'yesterday' }, 'time: "yesterday" is not an RFC 3339 time'],
  [{ ...event, time: '' }, 'time: "" is not an RFC 3339 time'],
  [
    { ...event, traceParent: 'x' },
    'traceParent: the name of an attribute has lower-case letters and digits only',
  ],
];

for (const [candidate, fact] of refused) {
  test(`refused: ${fact}`, () => {
    assert.throws(() => readCloudEvent(candidate), {
      name: 'LedgerError',
      kind: 'invalid-input',
      message: `reading the CloudEvent's ${fact}; send an event that conforms to CloudEvents 1.0`,
    });
  });
}
