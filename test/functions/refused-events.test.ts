import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acknowledged, type ProblemParts, problem } from '../fixtures/answers.ts';
import { batched, binary, podEvent, structured } from '../fixtures/pod-events.ts';
import { crashLoopingPod, type JsonObject } from '../fixtures/pods.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import { logLinesOf } from '../helpers/log-lines.ts';
import { type Message, send } from '../helpers/send.ts';

let gateway: HttpStub;
let ledger: FunctionProcess;

before(async () => {
  gateway = await startHttpStub();
  ledger = await startFunction({ PUSHGATEWAY_URL: gateway.url });
});

after(async () => {
  await ledger[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const json = 'application/json';
const event = (attributes: JsonObject) => podEvent(crashLoopingPod(), attributes);

function attribute(name: string, fact: string): ProblemParts {
  const remedy = 'send an event that conforms to CloudEvents 1.0';
  return { operation: 'reading', where: `the CloudEvent's ${name}`, fact, remedy };
}

function notJson(where: string, fact: string): ProblemParts {
  return { operation: 'parsing', where, fact, remedy: 'send one whole JSON document in UTF-8' };
}

/** The runtime's own message about an invalid text. */
function jsonFault(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
  }
  throw new TypeError(`${text} is JSON`);
}

const noEvent: ProblemParts = {
  operation: 'reading',
  where: 'the request',
  fact: 'it is not a CloudEvent: it has no ce- headers and its content type is not a CloudEvents format',
  remedy: 'send ce-specversion, ce-id, ce-source and ce-type, or application/cloudevents+json',
};

const noObject: ProblemParts = {
  operation: 'reading',
  where: 'the object',
  fact: 'it is not a Kubernetes object: it has no kind',
  remedy: 'send the whole Pod as the Kubernetes API server writes it',
};

const structuredBody = (body: string | Buffer): Message => ({ ...structured({}), body });
const binaryBody = (body: string | Buffer): Message => ({ ...binary(event({})), body });
const notUtf8 = Buffer.from([0x7b, 0xff, 0x7d]);

const invalid: Readonly<Record<string, readonly [message: Message, parts: ProblemParts]>> = {
  'JSON that is no CloudEvent': [
    { headers: { 'content-type': json }, body: JSON.stringify(crashLoopingPod()) },
    noEvent,
  ],
  'a request without a body': [{}, noEvent],
  'an empty structured event': [structuredBody(''), notJson('the structured event', 'it is empty')],
  'a broken structured event': [
    structuredBody('{"specversion":'),
    notJson('the structured event', jsonFault('{"specversion":')),
  ],
  'a structured event that is not UTF-8': [
    structuredBody(notUtf8),
    notJson('the structured event', 'the bytes are not UTF-8'),
  ],
  'a structured event that is a list': [
    structured([event({})]),
    attribute('event', 'it is not a JSON object'),
  ],
  'a structured event that is null': [structured(null), attribute('event', 'it is not a JSON object')],
  'a broken batch': [{ ...batched(), body: '[{]' }, notJson('the batch', jsonFault('[{]'))],
  'a batch that is no list': [
    { ...batched(), body: '{}' },
    {
      operation: 'reading',
      where: 'the batch',
      fact: 'it is not a JSON list',
      remedy: 'send a list of structured events, or application/cloudevents+json for a single one',
    },
  ],
  'no specversion': [
    binary(event({ specversion: undefined })),
    attribute('specversion', 'a missing value is not "1.0"'),
  ],
  'another specversion': [
    binary(event({ specversion: '0.3' })),
    attribute('specversion', '"0.3" is not "1.0"'),
  ],
  'a specversion that is a number': [
    structured(event({ specversion: 1 })),
    attribute('specversion', 'a number is not "1.0"'),
  ],
  'no id': [
    structured(event({ id: undefined })),
    attribute('id', 'a missing value is not text that is not empty'),
  ],
  'an empty id': [binary(event({ id: '' })), attribute('id', '"" is not text that is not empty')],
  'an id that is a number': [
    structured(event({ id: 7 })),
    attribute('id', 'a number is not text that is not empty'),
  ],
  'no type': [
    binary(event({ type: undefined })),
    attribute('type', 'a missing value is not text that is not empty'),
  ],
  'no source': [
    binary(event({ source: undefined })),
    attribute('source', 'a missing value is not a URI reference'),
  ],
  'a source that is no URI': [
    binary(event({ source: 'the api server' })),
    attribute('source', '"the api server" is not a URI reference'),
  ],
  'a source with half an escape': [
    structured(event({ source: '/apis/%2' })),
    attribute('source', '"/apis/%2" is not a URI reference'),
  ],
  'an empty subject': [
    binary(event({ subject: '' })),
    attribute('subject', '"" is not text that is not empty'),
  ],
  'a time that is none': [
    binary(event({ time: '2025-13-20T10:00:03Z' })),
    attribute('time', '"2025-13-20T10:00:03Z" is not an RFC 3339 time'),
  ],
  'a schema that is no absolute URI': [
    binary(event({ dataschema: 'pod.json' })),
    attribute('dataschema', '"pod.json" is not a URI'),
  ],
  'a content type of the data that is no text': [
    structured(event({ datacontenttype: 1 })),
    attribute('datacontenttype', 'a number is not text that is not empty'),
  ],
  'an attribute whose name has other characters': [
    structured(event({ apiVersion: 'v1' })),
    attribute('apiVersion', 'the name of an attribute has lower-case letters and digits only'),
  ],
  'a Pod event without data': [binary(podEvent(undefined)), noObject],
  'a Pod event whose data is null': [structured(podEvent(null)), noObject],
  'a Pod event whose data is a number': [structured(podEvent(0)), noObject],
  'a Pod event whose data is a list': [binary(podEvent([crashLoopingPod()])), noObject],
  'a Pod event whose data has no kind': [binary(podEvent({ metadata: {} })), noObject],
  'a Pod event with broken data': [
    binaryBody('{"kind":"Pod"'),
    notJson("the CloudEvent's data", jsonFault('{"kind":"Pod"')),
  ],
  'a Pod event with data that is not UTF-8': [
    binaryBody(notUtf8),
    notJson("the CloudEvent's data", 'the bytes are not UTF-8'),
  ],
  'a Pod event with text as its data': [
    structured(podEvent('a Pod')),
    notJson("the CloudEvent's data", jsonFault('a Pod')),
  ],
  'a Pod event with broken data_base64': [
    structured(podEvent(undefined, { data_base64: Buffer.from('{').toString('base64') })),
    notJson("the CloudEvent's data_base64", jsonFault('{')),
  ],
};

for (const [what, [message, parts]] of Object.entries(invalid)) {
  test(`400 for ${what}, and nothing is pushed`, async () => {
    const earlier = gateway.requests.length;
    const lines = await logLinesOf(ledger, async () => {
      assert.deepEqual(await send(ledger.url, message), problem('invalid-input', parts));
    });
    assert.equal(gateway.requests.length, earlier);
    assert.deepEqual(
      lines.map(({ level, kind, status }) => ({ level, kind, status })),
      [{ level: 'warn', kind: 'invalid-input', status: 400 }],
    );
  });
}

function unsupported(what: string, value: string): ProblemParts {
  return {
    operation: 'reading',
    where: 'the request',
    fact: `the ${what} ${JSON.stringify(value)} is not supported`,
    remedy: 'send JSON in UTF-8, uncompressed, as a CloudEvent in binary, structured or batched mode',
  };
}

function unsupportedData(contentType: string): ProblemParts {
  return {
    operation: 'reading',
    where: "the CloudEvent's data",
    fact: `the content type ${JSON.stringify(contentType)} is not JSON in UTF-8`,
    remedy: 'send application/json',
  };
}

const withContentType = (contentType: string): Message => ({
  headers: { 'content-type': contentType },
  body: JSON.stringify(event({})),
});
const withEncoding = (encoding: string): Message => {
  const message = binary(event({}));
  return { ...message, headers: { ...message.headers, 'content-encoding': encoding } };
};
const withData = (contentType: string) => binary(event({ datacontenttype: contentType }));

const unsupportedMessages: Readonly<Record<string, readonly [message: Message, parts: ProblemParts]>> = {
  'a form': [
    withContentType('application/x-www-form-urlencoded'),
    unsupported('content type', 'application/x-www-form-urlencoded'),
  ],
  'a content type that is no media type': [withContentType('json'), unsupported('content type', 'json')],
  'a structured event in Avro': [
    withContentType('application/cloudevents+avro'),
    unsupported('content type', 'application/cloudevents+avro'),
  ],
  'a batch in Protobuf': [
    withContentType('application/cloudevents-batch+protobuf'),
    unsupported('content type', 'application/cloudevents-batch+protobuf'),
  ],
  'a structured event without a format': [
    withContentType('application/cloudevents'),
    unsupported('content type', 'application/cloudevents'),
  ],
  'a structured event in another charset': [
    withContentType('application/cloudevents+json; charset=utf-16'),
    unsupported('content type', 'application/cloudevents+json; charset=utf-16'),
  ],
  'a gzip body': [withEncoding('gzip'), unsupported('content encoding', 'gzip')],
  'a body in two encodings': [withEncoding('gzip, br'), unsupported('content encoding', 'gzip, br')],
  'a Pod as text': [withData('text/plain'), unsupportedData('text/plain')],
  'a Pod in YAML': [withData('application/yaml'), unsupportedData('application/yaml')],
  'a Pod in another charset': [
    withData('application/json; charset=iso-8859-1'),
    unsupportedData('application/json; charset=iso-8859-1'),
  ],
  'a Pod with a content type that is no media type': [withData('json'), unsupportedData('json')],
};

for (const [what, [message, parts]] of Object.entries(unsupportedMessages)) {
  test(`415 for ${what}, and nothing is pushed`, async () => {
    const earlier = gateway.requests.length;
    assert.deepEqual(await send(ledger.url, message), problem('unsupported-media-type', parts));
    assert.equal(gateway.requests.length, earlier);
  });
}

for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
  test(`405 for ${method}, and nothing is pushed`, async () => {
    const earlier = gateway.requests.length;
    assert.deepEqual(await send(ledger.url, { method, headers: binary(event({})).headers ?? {} }), {
      status: 405,
      headers: { allow: 'POST', 'content-type': 'application/problem+json; charset=utf-8' },
      body: {
        type: 'about:blank',
        title: 'Method Not Allowed',
        status: 405,
        detail: `${method} is not supported here; send CloudEvents by POST, or GET /metrics or /health/readiness`,
      },
    });
    assert.equal(gateway.requests.length, earlier);
  });
}

test('an event is accepted at any path', async () => {
  const unsupportedEvent = binary(podEvent({}, { type: 'com.example.order.placed' }));
  assert.deepEqual(await send(`${ledger.url}/%zz?x=/`, unsupportedEvent), {
    status: 204,
    headers: {},
    body: '',
  });
});

const limit = 1024;

/** An event of an unsupported type whose body has so many bytes: what is small enough is ignored without a push. */
const ofSize = (bytes: number): Message => ({
  ...binary(podEvent(undefined, { type: 'com.example.blob', datacontenttype: 'text/plain' })),
  body: 'x'.repeat(bytes),
});
const chunked = (message: Message): Message => ({
  ...message,
  headers: { ...message.headers, 'transfer-encoding': 'chunked' },
});
const tooLarge = problem('too-large', {
  operation: 'reading',
  where: 'the request',
  fact: `its body is larger than ${limit} bytes`,
  remedy: 'send fewer events at a time, or raise MAX_BODY_BYTES',
});

test('413 for a body beyond MAX_BODY_BYTES, with a content-length and without', async () => {
  await using limited = await startFunction({
    PUSHGATEWAY_URL: gateway.url,
    MAX_BODY_BYTES: String(limit),
  });
  const messages = [limit, limit + 1].map(ofSize);
  const answers = [...messages, ...messages.map(chunked)].map((message) => send(limited.url, message));
  assert.deepEqual(await Promise.all(answers), [acknowledged, tooLarge, acknowledged, tooLarge]);
});
