import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventData } from '../../lib/cloudevents/event-data.ts';

const event = { specversion: '1.0', id: '1', source: '/s', type: 't' };
const json = 'application/json';

const read: readonly [sentence: string, event: object, data: unknown][] = [
  ['bytes', { datacontenttype: json, data: Buffer.from('{"a":"é"}') }, { a: 'é' }],
  ['bytes without a content type', { data: Buffer.from('{}') }, {}],
  [
    'bytes with a charset',
    { datacontenttype: 'application/json; charset="UTF-8"', data: Buffer.from('1') },
    1,
  ],
  ['a +json type', { datacontenttype: 'application/vnd.example+json', data: Buffer.from('[]') }, []],
  ['JSON text', { datacontenttype: json, data: '{"a":1}' }, { a: 1 }],
  ['a parsed value', { data: { a: 1 } }, { a: 1 }],
  ['a parsed 0', { data: 0 }, 0],
  ['a parsed null', { data: null }, null],
  ['base64', { datacontenttype: json, data_base64: 'eyJhIjoxfQ==' }, { a: 1 }],
  ['base64 as the SDK decodes it', { data: Uint32Array.from(Buffer.from('{"a":1}')) }, { a: 1 }],
  ['plain byte arrays', { data: Uint8Array.from(Buffer.from('{"a":1}')) }, { a: 1 }],
  ['nothing', {}, undefined],
];

for (const [sentence, attributes, data] of read) {
  test(`data that comes as ${sentence} is read`, () => {
    assert.deepEqual(eventData({ ...event, ...attributes }), data);
  });
}

test('data that is not JSON in UTF-8 is of an unsupported type', () => {
  for (const datacontenttype of ['text/xml', 'application/json; charset=latin1', 'application/jsonx']) {
    assert.throws(() => eventData({ ...event, datacontenttype, data: Buffer.from('{}') }), {
      kind: 'unsupported-media-type',
      message: `reading the CloudEvent's data: the content type ${JSON.stringify(datacontenttype)} is not JSON in UTF-8; send application/json`,
    });
  }
});

test('invalid JSON is refused with the reason', () => {
  for (const data of [Buffer.from('{"a"'), '{"a"']) {
    assert.throws(() => eventData({ ...event, data }), {
      kind: 'invalid-input',
      message: /^parsing the CloudEvent's data: .*; send one whole JSON document in UTF-8$/,
    });
  }
  assert.throws(() => eventData({ ...event, data_base64: 'AA==' }), {
    kind: 'invalid-input',
    message: /^parsing the CloudEvent's data_base64: /,
  });
});
