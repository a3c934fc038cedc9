import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CloudEvent } from 'cloudevents';
import { createEventSender, type EventSender } from '../../lib/cloudevents/event-sender.ts';
import { readConfig } from '../../lib/config.ts';
import { answering, type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('event-sender-');
const event = new CloudEvent({ id: '1', source: '/test', type: 'com.example.test', data: {} });
const remedy = 'give a file with one bearer token in SINK_TOKEN_FILE';

function senderTo(context: TestContext, url: string, tokenFile: string): EventSender {
  const sender = createEventSender(new URL(url), readConfig({ SINK_TOKEN_FILE: tokenFile }));
  context.after(() => sender.close());
  return sender;
}

function authorizations(stub: HttpStub): readonly unknown[] {
  return stub.requests.map(({ headers }) => headers.authorization);
}

test('the token of the file goes with each event, in place of the credentials of the URL, and a new one as soon as it is there', async (context) => {
  await using stub = await startHttpStub(answering(204));
  const file = folder.write('rotated', 'first\n');
  const sender = senderTo(context, stub.url.replace('//', '//user:password@'), file);
  await sender.send(event);
  folder.write('rotated', 'second\n');
  await sender.send(event);
  assert.deepEqual(authorizations(stub), ['Bearer first', 'Bearer second']);
});

test('a file that cannot be used is an error at the start, and an outage later', async (context) => {
  await using stub = await startHttpStub(answering(204));
  const missing = join(folder.path, 'missing');
  assert.throws(() => senderTo(context, stub.url, missing), {
    kind: 'configuration',
    message: `reading ${missing}: ENOENT: no such file or directory, stat '${missing}'; ${remedy}`,
  });
  const empty = folder.write('empty', '\n');
  assert.throws(() => senderTo(context, stub.url, empty), {
    kind: 'configuration',
    message: `reading ${empty}: it is empty; ${remedy}`,
  });
  const file = folder.write('removed', 'first');
  const sender = senderTo(context, stub.url, file);
  rmSync(file);
  await assert.rejects(sender.send(event), { kind: 'sink-unavailable' });
  folder.write('removed', 'second');
  await sender.send(event);
  assert.deepEqual(authorizations(stub), ['Bearer second']);
});

for (const status of [301, 302, 303, 307, 308])
  test(`the token does not follow a redirect (${status})`, async (context) => {
    await using other = await startHttpStub(answering(204));
    await using stub = await startHttpStub(answering(status, '', { location: other.url }));
    const sender = senderTo(context, stub.url, folder.write('token', 'first'));
    await assert.rejects(sender.send(event), {
      kind: 'sink-refused',
      message: `sending to ${stub.url}/: it answered ${status}; read its reason, and send it again`,
    });
    assert.deepEqual(other.requests, []);
  });

for (const [status, advice] of [
  [400, 'read its reason, and send it again'],
  [401, 'name a file with a token that it accepts in SINK_TOKEN_FILE'],
  [
    403,
    'name a file with a token that it accepts in SINK_TOKEN_FILE, or let it accept the subject of that token',
  ],
] as const)
  test(`a receiver that answers ${status} with the request shows the token to nobody`, async (context) => {
    await using stub = await startHttpStub((response, { headers }) =>
      response.writeHead(status).end(`${'x'.repeat(495)}${headers.authorization?.slice(6)} is wrong`),
    );
    const sender = senderTo(context, stub.url, folder.write('token', 'hunter2'));
    await assert.rejects(sender.send(event), {
      kind: 'sink-refused',
      message: `sending to ${stub.url}/: it answered ${status} (${'x'.repeat(495)} ***); ${advice}`,
    });
  });

test('a receiver that answers with the request shows the password of the URL to nobody', async (context) => {
  await using stub = await startHttpStub((response, { headers }) => {
    const authorization = String(headers.authorization);
    const decoded = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    response.writeHead(400).end(`${authorization} is ${decoded}`);
  });
  const url = new URL(stub.url.replace('//', '//user:hunter2%20hunter3@'));
  const sender = createEventSender(url, readConfig({}));
  context.after(() => sender.close());
  await assert.rejects(sender.send(event), {
    kind: 'sink-refused',
    message: `sending to ${stub.url}/: it answered 400 (Basic *** is user:***); read its reason, and send it again`,
  });
});
