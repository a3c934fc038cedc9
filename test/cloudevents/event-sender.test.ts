import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudEvent } from 'cloudevents';
import { createEventSender } from '../../lib/cloudevents/event-sender.ts';
import { readConfig } from '../../lib/config.ts';
import { startHttpStub } from '../helpers/http-stub.ts';

test('no message shows the credentials that a receiver echoes', async () => {
  await using stub = await startHttpStub((response, { headers }) => {
    const authorization = String(headers.authorization);
    const decoded = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    response.writeHead(400).end(`${authorization} is ${decoded}`);
  });
  const sender = createEventSender(
    new URL(stub.url.replace('//', '//user:hunter2%20hunter3@')),
    readConfig({}),
  );
  const event = new CloudEvent({ id: '1', source: 'urn:test', type: 'test', data: {} });
  await assert.rejects(sender.send(event), {
    kind: 'sink-refused',
    message: `sending to ${stub.url}/: it answered 400 (Basic *** is user:***); read its reason, and send it again`,
  });
  await sender.close();
});
