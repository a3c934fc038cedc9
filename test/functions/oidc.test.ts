import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { OidcSettings } from '../../lib/config/oidc-settings.ts';
import { createKeyFetcher } from '../../lib/http/oidc/fetch-keys.ts';
import { createKeyCache } from '../../lib/http/oidc/key-cache.ts';
import { createTokenVerifier } from '../../lib/http/oidc/verify-token.ts';
import { acknowledged, fault, problem } from '../fixtures/answers.ts';
import { binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { runCommand } from '../helpers/command.ts';
import { eventually } from '../helpers/eventually.ts';
import { type FunctionProcess, startFunction } from '../helpers/function-process.ts';
import { type HttpStub, startHttpStub } from '../helpers/http-stub.ts';
import type { Environment } from '../helpers/process.ts';
import { missingApiServer, type RealApiServer, startRealApiServer } from '../helpers/real-api-server.ts';
import { missing } from '../helpers/real-services.ts';
import { type Answer, send } from '../helpers/send.ts';
import { listAt, textAt } from '../helpers/value-at.ts';

const audience = 'restart-ledger.example/function';
const authToken = 'correct-horse-battery-staple';
const message = binary(podEvent(crashLoopingPod()));

async function sendAs(url: string, token: string): Promise<Answer> {
  return await send(url, { ...message, headers: { ...message.headers, authorization: `Bearer ${token}` } });
}

const request = { operation: 'accepting', where: 'the request' };
const remedy = 'send Authorization: Bearer with a token for the audience of OIDC_AUDIENCE';
const unauthenticated = (fact: string) => problem('unauthenticated', { ...request, fact, remedy });

suite('with the tokens of a real API server', { skip: missingApiServer() || missing('kubectl') }, () => {
  let server: RealApiServer;
  let gateway: HttpStub;
  let ledger: FunctionProcess;
  let tokenFile: string;
  let environment: Environment;
  /** Of every kind, in the order in which they were made: none may be in a log. */
  const secrets: string[] = [authToken];

  async function tokenOf(account: string, of = audience): Promise<string> {
    const token = await server.tokenOf('shop', account, of);
    secrets.push(token);
    return token;
  }

  /** For the API server itself. */
  async function ownToken(): Promise<string> {
    const token = await server.tokenOf('shop', 'function');
    secrets.push(token);
    return token;
  }

  before(async () => {
    server = await startRealApiServer();
    gateway = await startHttpStub();
    await server.createNamespace('shop');
    for (const name of ['sender', 'stranger', 'function'])
      await server.must('POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name } });
    tokenFile = server.writeFile('token', await ownToken());
    environment = {
      PUSHGATEWAY_URL: gateway.url,
      AUTH_TOKEN: authToken,
      OIDC_AUDIENCE: audience,
      OIDC_SUBJECTS: 'system:serviceaccount:shop:send*,system:serviceaccount:ops:other',
      OIDC_DISCOVERY_URL: server.url,
      OIDC_TOKEN_FILE: tokenFile,
      OIDC_CA_FILE: server.certificateFile,
      LOG_LEVEL: 'trace',
    };
    ledger = await startFunction(environment);
  });

  after(async () => {
    await ledger?.[Symbol.asyncDispose]();
    await gateway?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('a token that kubectl creates for the audience is accepted', async () => {
    const kubeconfig = server.kubeconfig({ token: await server.tokenOf('shop', 'function') });
    const allowed = { rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }] };
    const access = '/apis/rbac.authorization.k8s.io/v1';
    await server.must('POST', `${access}/clusterroles`, { metadata: { name: 'tokens' }, ...allowed });
    await server.must('POST', `${access}/clusterrolebindings`, {
      metadata: { name: 'tokens' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'tokens' },
      subjects: [{ kind: 'ServiceAccount', name: 'function', namespace: 'shop' }],
    });
    const token = await eventually(() =>
      execFileSync(
        'kubectl',
        ['--kubeconfig', kubeconfig, '-n', 'shop', 'create', 'token', 'sender', '--audience', audience],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      ).trim(),
    );
    secrets.push(token);
    assert.deepEqual(await sendAs(ledger.url, token), acknowledged);
    assert.deepEqual(await sendAs(ledger.url, token), acknowledged);
    assert.equal(gateway.requests.length, 2);
  });

  test('its keys are fetched although its discovery document names an address that cannot be reached', async () => {
    const { body } = await server.ask('GET', '/.well-known/openid-configuration');
    assert.match(textAt(body, 'jwks_uri'), /^https:\/\/192\.0\.2\.1:\d+\/openid\/v1\/jwks$/);
    assert.deepEqual(await sendAs(ledger.url, await tokenOf('sender')), acknowledged);
  });

  test('the static token is accepted too, and another one is not', async () => {
    assert.deepEqual(await sendAs(ledger.url, authToken), acknowledged);
    const wrong = unauthenticated('its token is not a signed JSON Web Token');
    assert.deepEqual(await sendAs(ledger.url, `${authToken} x`), wrong);
    assert.deepEqual(await sendAs(ledger.url, 'another'), wrong);
    assert.deepEqual(await send(ledger.url, message), unauthenticated('it has no bearer token'));
  });

  test('a token for another audience, of another subject or of another issuer is refused', async () => {
    const elsewhere = unauthenticated('its token is for another audience');
    assert.deepEqual(await sendAs(ledger.url, await tokenOf('sender', 'another')), elsewhere);
    assert.deepEqual(await sendAs(ledger.url, await server.tokenOf('shop', 'sender')), elsewhere);
    assert.deepEqual(
      await sendAs(ledger.url, await tokenOf('stranger')),
      problem('forbidden', {
        ...request,
        fact: 'the subject of its token is system:serviceaccount:shop:stranger',
        remedy: 'send it as one of OIDC_SUBJECTS',
      }),
    );
    const { privateKey } = await generateKeyPair('RS256');
    const forged = new SignJWT({ ...claimsIn(await tokenOf('sender')), iss: 'https://other' });
    const token = await forged.setProtectedHeader({ alg: 'RS256', kid: 'x' }).sign(privateKey);
    assert.deepEqual(
      await sendAs(ledger.url, token),
      unauthenticated('its token is signed by an unknown key'),
    );
  });

  test('a token whose algorithm is none, or an HMAC with the public key, is refused', async () => {
    const [, claims = ''] = (await tokenOf('sender')).split('.');
    const { body } = await server.ask('GET', '/openid/v1/jwks');
    const [key] = listAt(body, 'keys');
    const kid = textAt(key, 'kid');
    const pem = createPublicKey({
      key: { kty: 'RSA', n: textAt(key, 'n'), e: textAt(key, 'e') },
      format: 'jwk',
    }).export({ type: 'spki', format: 'pem' });
    const input = `${encoded({ alg: 'HS256', kid })}.${claims}`;
    const notSigned = unauthenticated('its token is not signed by RS256 or ES256');
    for (const token of [
      `${encoded({ alg: 'none', kid })}.${claims}.AA`,
      `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`,
    ])
      assert.deepEqual(await sendAs(ledger.url, token), notSigned);
    assert.deepEqual(
      await sendAs(ledger.url, `${encoded({ alg: 'none' })}.${claims}.`),
      unauthenticated('its token is not a signed JSON Web Token'),
    );
  });

  test('it is decided before the body is read', async () => {
    const headers = { ...message.headers, authorization: 'Bearer x.y.z', 'content-length': '5000000' };
    const { status } = await send(ledger.url, { headers, body: '{' });
    assert.equal(status, 401);
  });

  test('a token has expired an hour later', async () => {
    const settings: OidcSettings = {
      audience,
      issuer: undefined,
      subjects: ['*'],
      discoveryUrl: new URL(server.url),
      tokenFile,
      authoritiesFile: server.certificateFile,
    };
    const keys = createKeyCache(createKeyFetcher(settings), {
      nowMilliseconds: () => performance.now(),
      sleep: () => Promise.reject(new Error('nothing is fetched twice')),
      onStale: (failure) => assert.fail(String(failure)),
    });
    const token = await tokenOf('sender');
    let ahead = 0;
    const verify = createTokenVerifier(settings, keys, () => Date.now() / 1000 + ahead);
    await verify(token);
    ahead = 3500;
    await verify(token);
    ahead = 3640;
    await assert.rejects(async () => await verify(token), {
      kind: 'unauthenticated',
      message: `accepting the request: its token has expired; ${remedy}`,
    });
  });

  test('while keys cannot be fetched nothing is known of a token: 503, and as soon as they can it is accepted', async () => {
    writeFileSync(tokenFile, 'no-longer-valid\n');
    await using starting = await startFunction(environment);
    const token = await tokenOf('sender');
    assert.deepEqual(await sendAs(starting.url, token), fault('keys-unavailable'));
    assert.equal((await send(`${starting.url}/health/liveness`, { method: 'GET' })).status, 200);
    assert.deepEqual(await sendAs(starting.url, authToken), acknowledged);
    // As the kubelet replaces it.
    writeFileSync(tokenFile, await ownToken());
    await eventually(async () => assert.deepEqual(await sendAs(starting.url, token), acknowledged));
    assert.match(
      String(starting.logs.find(({ kind }) => kind === 'keys-unavailable')?.['reason']),
      /^fetching https:\/\/127\.0\.0\.1:\d+\/\.well-known\/openid-configuration: it answered 401; check OIDC_DISCOVERY_URL, /,
    );
  });

  test('replay and doctor send the token of SINK_TOKEN_FILE', async () => {
    const pods = ['examples/crash-loop.json', 'examples/sidecar.json'];
    const replayAs = async (token: string) =>
      await runCommand(['replay', '--quiet', '--to', ledger.url, ...pods], {
        RETENTION: '0',
        SINK_TOKEN_FILE: server.writeFile('sink-token', token),
      });
    const { code, stdout } = await replayAs(await tokenOf('sender'));
    assert.deepEqual(
      [code, stdout],
      [0, '14 records read: 12 sent (5 restarts), 2 without a restart, 0 of another kind, 0 refused\n'],
    );
    assert.equal((await replayAs(authToken)).code, 0);
    const refused = await replayAs(await tokenOf('sender', 'another'));
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /it answered 401 .*; name a file with a token that it accepts in SINK_TOKEN_FILE/,
    );

    const checkAs = async (token: string) => {
      const environment = { K_SINK: ledger.url, SINK_TOKEN_FILE: server.writeFile('sink-token', token) };
      return (await runCommand(['doctor'], environment)).stdout
        .split('\n')
        .find((line) => / sink /.test(line));
    };
    assert.equal(await checkAs(await tokenOf('sender')), '✓ sink              takes CloudEvents');
    assert.match(
      (await checkAs(await tokenOf('stranger'))) ?? '',
      /^✗ sink .*: it answered 403 .*; name a file with a token that it accepts in SINK_TOKEN_FILE, or let it /,
    );
    assert.match(
      (await checkAs('')) ?? '',
      /^✗ sink .*sink-token: it is empty; give a file with one bearer token in /,
    );
  });

  test('known keys outlast an outage of the API server, and its new key is accepted at once', async () => {
    const old = await tokenOf('sender');
    assert.deepEqual(await sendAs(ledger.url, old), acknowledged);
    const another = await tokenOf('sender');
    await server.kill();
    assert.deepEqual(await sendAs(ledger.url, old), acknowledged);
    assert.deepEqual(await sendAs(ledger.url, another), acknowledged);
    await using starting = await startFunction(environment);
    assert.deepEqual(await sendAs(starting.url, old), fault('keys-unavailable'));

    server.replaceSigningKey();
    await server.restart();
    await server.ready();
    const replaced = await tokenOf('sender');
    assert.equal(headerOf(replaced)['alg'], 'ES256');
    assert.equal(headerOf(old)['alg'], 'RS256');
    for (const token of [replaced, old]) {
      assert.deepEqual(await sendAs(ledger.url, token), acknowledged);
      await eventually(async () => assert.deepEqual(await sendAs(starting.url, token), acknowledged));
    }
  });

  test('no token is logged', async () => {
    ledger.kill('SIGTERM');
    const { logs, stderr, code } = await ledger.exited;
    assert.equal(code, 0);
    const written = `${JSON.stringify(logs)}${stderr}`;
    assert.ok(logs.length > secrets.length);
    assert.deepEqual(
      secrets.filter(
        (secret) => written.includes(secret) || written.includes(secret.split('.')[1] ?? secret),
      ),
      [],
    );
  });
});

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function partOf(token: string, index: number): Readonly<Record<string, unknown>> {
  return Object(JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()));
}

const headerOf = (token: string) => partOf(token, 0);
const claimsIn = (token: string) => partOf(token, 1);

suite('with an issuer of its own', () => {
  test('the keys are fetched without the token over http, and never from another host over http', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'a' };
    await using issuer = await startHttpStub();
    await using other = await startHttpStub();
    let jwksUri = `${other.url}/keys`;
    issuer.behave((response, { path }) =>
      response.end(
        JSON.stringify(
          path === '/realm/keys' ? { keys: [jwk] } : { issuer: 'https://own', jwks_uri: jwksUri },
        ),
      ),
    );
    await using ledger = await startFunction({
      PUSHGATEWAY_URL: 'http://127.0.0.1:9',
      OIDC_AUDIENCE: audience,
      OIDC_SUBJECTS: '*',
      OIDC_DISCOVERY_URL: `${issuer.url}/realm/`,
      OIDC_TOKEN_FILE: 'package.json',
    });
    const token = await new SignJWT({ sub: 'a' })
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .setIssuer('https://own')
      .setAudience(audience)
      .setExpirationTime('1h')
      .sign(privateKey);
    const ignored = binary(podEvent({}, { type: 'com.example.other' }));
    const headers = { ...ignored.headers, authorization: `Bearer ${token}` };
    const ask = async () => await send(ledger.url, { ...ignored, headers });
    assert.deepEqual(await ask(), fault('keys-unavailable'));
    jwksUri = `${issuer.url}/realm/keys`;
    await eventually(async () => assert.deepEqual(await ask(), acknowledged));
    assert.deepEqual(other.requests, []);
    assert.deepEqual(
      [...new Set(issuer.requests.map(({ path, headers }) => `${path} ${headers.authorization}`))],
      ['/realm/.well-known/openid-configuration undefined', '/realm/keys undefined'],
    );
  });
});
