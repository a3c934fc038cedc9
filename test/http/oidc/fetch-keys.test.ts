import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createKeyFetcher } from '../../../lib/http/oidc/fetch-keys.ts';
import { listenAnywhere } from '../../helpers/listen.ts';
import { missing } from '../../helpers/real-services.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const folder = temporaryFolder('fetch-keys-');
const tokenFile = folder.write('token', 'own-token\n');
const [keyFile, certificateFile] = [join(folder.path, 'tls.key'), join(folder.path, 'tls.crt')];

/** An https server with a certificate of its own, and what was asked of it with which credentials. */
async function startIssuer(answers: (path: string) => unknown) {
  const requests: string[] = [];
  const certificate = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  const server = createServer(certificate, ({ url = '', headers }, response) => {
    requests.push(`${url} ${headers.authorization}`);
    response.end(JSON.stringify(answers(url)));
  });
  after(() => server.closeAllConnections());
  after(() => server.close());
  return { url: `https://127.0.0.1:${await listenAnywhere(server)}`, requests };
}

test('the token goes to the host of the discovery URL alone, which is asked for the keys of an API server', {
  skip: missing('openssl'),
}, async () => {
  const options = '-x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=test -addext subjectAltName=IP:127.0.0.1';
  const files = ['-keyout', keyFile, '-out', certificateFile];
  execFileSync('openssl', ['req', ...options.split(' '), ...files], { stdio: 'pipe' });
  const other = await startIssuer(() => ({ keys: [] }));
  let jwksUri = `${other.url}/openid/v1/jwks`;
  const own = await startIssuer((path) =>
    path === '/openid/v1/jwks' ? { keys: [] } : { issuer: 'https://own', jwks_uri: jwksUri },
  );
  const fetchKeys = createKeyFetcher({
    audience: '',
    issuer: undefined,
    subjects: [],
    discoveryUrl: new URL(own.url),
    tokenFile,
    authoritiesFile: certificateFile,
  });
  assert.deepEqual(await fetchKeys(), { issuer: 'https://own', keySet: { keys: [] } });
  folder.write('token', 'rotated');
  // Public authorities have not signed its certificate.
  jwksUri = `${other.url}/keys`;
  await assert.rejects(fetchKeys(), {
    kind: 'keys-unavailable',
    message: new RegExp(
      `^fetching ${other.url}/keys: self-signed certificate; .*; check OIDC_DISCOVERY_URL, `,
    ),
  });
  assert.deepEqual(own.requests, [
    '/.well-known/openid-configuration Bearer own-token',
    '/openid/v1/jwks Bearer own-token',
    '/.well-known/openid-configuration Bearer rotated',
  ]);
  assert.deepEqual(other.requests, []);
});
