import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { strippedPod } from '../../../lib/kubernetes/objects/stripped-pod.ts';
import { batched, binary, podEvent, structured } from '../../fixtures/pod-events.ts';
import { containerStatus, podObject, termination } from '../../fixtures/pods.ts';
import { breakOffRequests } from '../../helpers/broken-request.ts';
import { runCommand } from '../../helpers/command.ts';
import { startProcess } from '../../helpers/function-process.ts';
import { startHttpStub } from '../../helpers/http-stub.ts';
import type { Environment } from '../../helpers/process.ts';
import { send } from '../../helpers/send.ts';

const terminated = termination({ reason: 'Error', exitCode: 1 });
const status = containerStatus({ restartCount: 1, lastState: { terminated } });
const env = [{ name: 'PASSWORD', value: 'hunter2' }];
const pod = podObject({
  spec: { containers: [{ name: 'checkout', image: 'checkout', env }] },
  status: { containerStatuses: [status] },
});
/** As it is kept. */
const stripped = strippedPod(pod);
const knative = { knativeerrorcode: '503', knativeerrordest: 'http://restart-ledger.restart-ledger.svc' };

async function temporaryFile(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dead-letters-'));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, 'dead-letters.ndjson');
}

async function startSink(file: string, environment: Environment = {}) {
  return await startProcess(['lib/cli/main.ts', 'dead-letters', file], environment);
}

test('a dead letter is kept, one event a line, without what may be secret, and replay records it', async (context) => {
  const file = await temporaryFile(context);
  await using sink = await startSink(file);
  const whole = podEvent(pod, knative);
  const broken = podEvent(undefined, { ...knative, id: 'broken' });
  const answers = [
    await send(sink.url, binary(whole)),
    await send(sink.url, structured(whole)),
    await send(sink.url, { ...binary(broken), body: '{"kind": "Pod' }),
    await send(sink.url, { body: 'no event' }),
  ];
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [204, 204, 204, 204],
  );
  sink.kill('SIGTERM');
  assert.deepEqual((await sink.exited).code, 0);
  const kept = { ...whole, data: stripped };
  assert.deepEqual(await linesOf(file), [
    kept,
    kept,
    { ...JSON.parse(JSON.stringify(broken)), data_base64: btoa('{"kind": "Pod') },
    unreadable('no event'),
  ]);
  assert.doesNotMatch(await readFile(file, 'utf8'), /hunter2/);

  await using gateway = await startHttpStub();
  const replayed = await runCommand(['replay', '--quiet', '--pushgateway', gateway.url, file], {
    RETENTION: '0',
  });
  assert.deepEqual(
    gateway.requests.map(({ path }) => path?.replace(/^.*\/container/, '')),
    ['/checkout/restart_id/1_1763632802'],
  );
  assert.equal(replayed.code, 1);
  assert.match(replayed.stderr, /dead-letters\.ndjson:3\b/);
  assert.match(replayed.stderr, /dead-letters\.ndjson:4\b.*the request was no CloudEvent/);
});

/** The lines of a file, parsed. */
async function linesOf(file: string): Promise<readonly unknown[]> {
  return (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

function unreadable(body: string, datacontenttype?: string): object {
  return {
    specversion: '1.0',
    id: createHash('sha256').update(body).digest('hex').slice(0, 32),
    source: '/dead-letters',
    type: 'dev.restart-ledger.unreadable',
    ...(datacontenttype !== undefined && { datacontenttype }),
    data_base64: Buffer.from(body).toString('base64'),
  };
}

test('whatever can be kept is kept and acknowledged: no broker delivers it for ever', async (context) => {
  const file = await temporaryFile(context);
  await using sink = await startSink(file);
  const json = 'application/cloudevents+json';
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const large = podEvent(pod, { id: 'large', padding: 'x'.repeat(8 * 1024 * 1024) });
  const batch = Array.from({ length: 1001 }, (_, index) => podEvent(pod, { id: String(index) }));
  const messages = [
    { headers: { 'content-type': json }, body: '{"specversion": "1.0", ' },
    { headers: { 'content-type': json }, body: `{"specversion":"1.0","data":${deep}}` },
    { headers: { 'content-type': 'application/cloudevents+avro' }, body: 'Obj' },
    { headers: { 'ce-id': 'bytes', 'ce-data_base64': 'header' }, body: 'Obj' },
    structured(large),
    batched(...batch),
  ];
  for (const message of messages) assert.equal((await send(sink.url, message)).status, 204);
  assert.deepEqual(await linesOf(file), [
    unreadable('{"specversion": "1.0", ', json),
    unreadable(`{"specversion":"1.0","data":${deep}}`, json),
    unreadable('Obj', 'application/cloudevents+avro'),
    { id: 'bytes', data_base64: btoa('Obj') },
    { ...large, data: stripped },
    batch.map((event) => ({ ...event, data: stripped })),
  ]);
});

test('who may send events is one thing, who may send dead letters another', async (context) => {
  const file = await temporaryFile(context);
  const event = structured(podEvent(pod));
  const statusWith = async (url: string, authorization?: string) =>
    (await send(url, { ...event, headers: { ...event.headers, ...(authorization && { authorization }) } }))
      .status;
  // The settings of the function, which a broker that only a network policy lets in cannot meet.
  const shared = { AUTH_TOKEN: 'for-events', OIDC_AUDIENCE: 'events', OIDC_SUBJECTS: 'a' };
  await using open = await startSink(file, shared);
  assert.equal(await statusWith(open.url), 204);
  const restricted = await temporaryFile(context);
  await using closed = await startSink(restricted, {
    ...shared,
    DEAD_LETTERS_AUTH_TOKEN: 'for-dead-letters',
  });
  assert.equal(await statusWith(closed.url), 401);
  assert.equal(await statusWith(closed.url, 'Bearer for-events'), 403);
  assert.equal(await statusWith(closed.url, 'Bearer for-dead-letters'), 204);
  assert.deepEqual([(await linesOf(file)).length, (await linesOf(restricted)).length], [1, 1]);
});

test('dead letters may be restricted to the tokens of service accounts', async (context) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'a' }];
  await using issuer = await startHttpStub();
  const documents = { issuer: 'https://issuer', jwks_uri: `${issuer.url}/keys`, keys };
  issuer.behave((response) => response.end(JSON.stringify(documents)));
  const file = await temporaryFile(context);
  await using sink = await startSink(file, {
    DEAD_LETTERS_OIDC_AUDIENCE: 'dead-letters',
    OIDC_SUBJECTS: 'system:serviceaccount:restart-ledger:restart-ledger*',
    OIDC_DISCOVERY_URL: issuer.url,
  });
  const statusFor = async (audience: string, subject: string) => {
    const token = await new SignJWT({ sub: subject, aud: audience, iss: 'https://issuer' })
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .setExpirationTime('1h')
      .sign(privateKey);
    const { headers, body = '' } = structured(podEvent(pod));
    return (await send(sink.url, { headers: { ...headers, authorization: `Bearer ${token}` }, body })).status;
  };
  const trigger = 'system:serviceaccount:restart-ledger:restart-ledger-oidc-eventing.knative.dev-trigger';
  assert.equal(await statusFor('dead-letters', trigger), 204);
  assert.equal(await statusFor('function', trigger), 401);
  assert.equal(await statusFor('dead-letters', 'system:serviceaccount:shop:restart-ledger'), 403);
  assert.equal((await linesOf(file)).length, 1);
});

test('senders that disconnect in the middle of a body leave nothing in the file', async (context) => {
  const file = await temporaryFile(context);
  await using sink = await startSink(file);
  await breakOffRequests(sink.url, 200);
  assert.equal((await send(sink.url, structured(podEvent(pod)))).status, 204);
  sink.kill('SIGTERM');
  const { code, stderr } = await sink.exited;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(await linesOf(file), [podEvent(stripped)]);
});

test('a line that was left incomplete does not corrupt the next one', async (context) => {
  const file = await temporaryFile(context);
  await writeFile(file, '{"torn":');
  await using sink = await startSink(file);
  await send(sink.url, structured(podEvent(pod)));
  const lines = (await readFile(file, 'utf8')).split('\n');
  assert.deepEqual([lines[0], JSON.parse(lines[1] ?? ''), lines[2]], ['{"torn":', podEvent(stripped), '']);
});

test('a file that is moved keeps its events, and the next event starts a new file', async (context) => {
  const file = await temporaryFile(context);
  await using sink = await startSink(file);
  await send(sink.url, structured(podEvent(pod, { id: 'before' })));
  await rename(file, `${file}.moved`);
  await send(sink.url, structured(podEvent(pod, { id: 'after' })));
  const [moved, begun] = await Promise.all([readFile(`${file}.moved`, 'utf8'), readFile(file, 'utf8')]);
  assert.deepEqual(JSON.parse(moved), podEvent(stripped, { id: 'before' }));
  assert.deepEqual(JSON.parse(begun), podEvent(stripped, { id: 'after' }));
});

test('concurrent events are written one after another', async (context) => {
  const file = await temporaryFile(context);
  await using sink = await startSink(file);
  const ids = Array.from({ length: 50 }, (_, index) => `event-${index}`);
  await Promise.all(ids.map((id) => send(sink.url, structured(podEvent(pod, { id })))));
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ids.toSorted().map((id) => podEvent(stripped, { id })),
  );
});

test('a file that cannot be opened prevents the start, with the reason', async () => {
  const { code, stderr } = await runCommand(['dead-letters', '/nowhere/dead-letters.ndjson']);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "restart-ledger: opening /nowhere/dead-letters.ndjson: ENOENT: no such file or directory, open '/nowhere/dead-letters.ndjson'; name a file in a folder that can be written to\n",
  );
});

test('a port that is in use prevents the start, and the error names the settings to change', async (context) => {
  await using other = await startHttpStub();
  const { host, hostname, port } = new URL(other.url);
  const settings = { HOST: hostname, PORT: port };
  assert.deepEqual(await runCommand(['dead-letters', await temporaryFile(context)], settings), {
    code: 2,
    stdout: '',
    stderr: `restart-ledger: listening on ${host}: listen EADDRINUSE: address already in use ${host}; set HOST and PORT to an address that is free\n`,
  });
});
