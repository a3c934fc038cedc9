import assert from 'node:assert/strict';
import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { AccessSettings, ServerPrefix } from '../../lib/config/access-settings.ts';
import { reasonOf } from '../../lib/errors.ts';
import { seriesCount } from '../../lib/prometheus/instant-query.ts';
import { createPushgateway, type Pushgateway } from '../../lib/pushgateway/pushgateway.ts';
import { type CertifiedKey, createAuthority } from '../helpers/certificates.ts';
import { eventually } from '../helpers/eventually.ts';
import { missing, type RealService, startPrometheus, startPushgateway } from '../helpers/real-services.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const skip = missing('prometheus-pushgateway') || missing('prometheus') || missing('openssl');
const folder = temporaryFolder('secured-servers-');

/** bcrypt of "hunter2", and of "s3cret rotated". */
const hashes = {
  first: '$2b$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm',
  second: '$2b$04$abcdefghijklmnopqrstuumgOs/oznFwaJGl1yi2RyoqT6afwCqtW',
};

type Settings = Omit<AccessSettings, 'prefix'>;

interface Client {
  call(): Promise<unknown>;
  close(): Promise<void>;
}

interface Product {
  readonly prefix: ServerPrefix;
  start(webConfiguration: string): Promise<RealService>;
  open(url: string, settings: Settings): Client;
  /** What its failures begin with. */
  subject(url: string): string;
  /** What its refusals of credentials say. */
  readonly refused: string;
}

const pushgateway: Product = {
  prefix: 'PUSHGATEWAY',
  start: (tls) => startPushgateway({ tls }),
  open(url, settings) {
    const access = { prefix: 'PUSHGATEWAY', ...settings } as const;
    const client: Pushgateway = createPushgateway({
      url: new URL(url),
      access,
      timeoutMilliseconds: 30_000,
      connections: 2,
    });
    return { call: () => client.push([['job', 'pod_monitor']], 'a 1\n'), close: () => client.close() };
  },
  subject: (url) => `pushing to ${url}/metrics/job/pod_monitor`,
  refused: 'the gateway answered 401 (Unauthorized)',
};

const prometheus: Product = {
  prefix: 'PROMETHEUS',
  start: (tls) => startPrometheus({ tls }),
  open: (url, settings) => ({
    call: () =>
      seriesCount({ url: new URL(url), access: { prefix: 'PROMETHEUS', ...settings } }, 'vector(1)', 30_000),
    close: async () => {},
  }),
  subject: (url) => `querying ${url}/api/v1/query`,
  refused: 'it answered 401',
};

/** Without the alert of the server, which is not always seen. */
async function messageOf(call: Promise<unknown>): Promise<string> {
  const failure = await call.then(
    () => 'no failure',
    (error: unknown) => reasonOf(error),
  );
  return failure.replace(/ \(alert [a-z ]+\)/, '');
}

function webConfiguration(server: CertifiedKey, clients: string, hash = hashes.first): object {
  return {
    tls_server_config: {
      cert_file: server.cert,
      key_file: server.key,
      client_ca_file: clients,
      client_auth_type: 'RequireAndVerifyClientCert',
    },
    basic_auth_users: { ledger: hash },
  };
}

for (const product of [pushgateway, prometheus]) {
  const { prefix } = product;
  suite(`a real ${prefix} with TLS, client certificates and basic authentication`, { skip }, () => {
    if (skip !== false) return;
    const authority = createAuthority(folder.path, 'the authority of the test');
    const other = createAuthority(folder.path, 'another authority');
    const mine = authority.issue('ledger');
    const foreign = other.issue('ledger');
    const expired = authority.issue('ledger', { expired: true });
    const right: Settings = {
      username: 'ledger',
      passwordFile: folder.write(`${prefix}/password`, 'hunter2\n'),
      caFile: authority.cert,
      certFile: mine.cert,
      keyFile: mine.key,
    };
    const { caFile: _ca, ...withoutAuthority } = right;
    const { certFile: _cert, keyFile: _key, ...withoutCertificate } = right;
    const { username: _user, passwordFile: _password, ...withoutCredentials } = right;
    const local = authority.issue('local');
    const named = authority.issue('named', { names: ['DNS:server.example'] });
    const outdated = authority.issue('outdated', { expired: true });

    const cases: Readonly<Record<string, readonly [CertifiedKey, Settings, message: string | undefined]>> = {
      'the right settings are accepted': [local, right, undefined],
      'a certificate for another name is accepted where the settings give that name': [
        named,
        { ...right, serverName: 'server.example' },
        undefined,
      ],
      'a certificate for another name': [
        named,
        right,
        `its certificate is for another name (Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: ); set ${prefix}_URL, or ${prefix}_SERVER_NAME, to a name in the certificate`,
      ],
      'a wrong server name': [
        named,
        { ...right, serverName: 'other.example' },
        `its certificate is for another name (Hostname/IP does not match certificate's altnames: Host: other.example. is not in the cert's altnames: DNS:server.example); set ${prefix}_URL, or ${prefix}_SERVER_NAME, to a name in the certificate`,
      ],
      'an authority that is not public, and not named': [
        local,
        withoutAuthority,
        `its certificate is signed by an unknown authority (unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca); put the certificate of the authority that signed it into ${prefix}_CA_FILE`,
      ],
      'a wrong authority': [
        local,
        { ...right, caFile: other.cert },
        `its certificate is signed by an unknown authority (unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca); put the certificate of the authority that signed it into ${prefix}_CA_FILE`,
      ],
      'an expired certificate': [
        outdated,
        right,
        'its certificate has expired; renew the certificate of the server',
      ],
      'no client certificate': [
        local,
        withoutCertificate,
        `it ended the TLS connection; check that it runs; if it requires a client certificate, set ${prefix}_CERT_FILE and ${prefix}_KEY_FILE`,
      ],
      'a client certificate of another authority': [
        local,
        { ...right, certFile: foreign.cert, keyFile: foreign.key },
        `it ended the TLS connection; check that it runs, and that it accepts the client certificate in ${prefix}_CERT_FILE`,
      ],
      'an expired client certificate': [
        local,
        { ...right, certFile: expired.cert, keyFile: expired.key },
        `it ended the TLS connection; check that it runs, and that it accepts the client certificate in ${prefix}_CERT_FILE`,
      ],
      'a wrong password': [
        local,
        { ...right, passwordFile: folder.write(`${prefix}/wrong`, 'hunter3') },
        `${product.refused}; put the password of ${prefix}_USERNAME into ${prefix}_PASSWORD_FILE`,
      ],
      'no credentials': [
        local,
        withoutCredentials,
        `${product.refused}; set ${prefix}_USERNAME and ${prefix}_PASSWORD_FILE, or ${prefix}_CREDENTIALS_FILE, to credentials that it accepts`,
      ],
    };

    for (const [sentence, [server, settings, message]] of Object.entries(cases)) {
      test(sentence, async () => {
        const configuration = JSON.stringify(webConfiguration(server, authority.cert));
        const path = folder.write(`${prefix}/${sentence}.json`, configuration);
        await using service = await product.start(path);
        const client = product.open(service.url, settings);
        try {
          // A Prometheus that has just been started answers 503 for a moment.
          if (message === undefined) await eventually(() => client.call());
          else assert.equal(await messageOf(client.call()), `${product.subject(service.url)}: ${message}`);
        } finally {
          await client.close();
        }
      });
    }

    test('a password and certificates that are rotated need no restart', async () => {
      const configuration = folder.write(
        `${prefix}/rotated.json`,
        JSON.stringify(webConfiguration(local, authority.cert)),
      );
      const password = folder.write(`${prefix}/rotating/password`, 'hunter2');
      const secret = folder.write(`${prefix}/rotating/ca.crt`, '');
      cpSync(authority.cert, secret);
      const certFile = folder.write(`${prefix}/rotating/tls.crt`, '');
      const keyFile = folder.write(`${prefix}/rotating/tls.key`, '');
      cpSync(mine.cert, certFile);
      cpSync(mine.key, keyFile);
      await using service = await product.start(configuration);
      const settings = { username: 'ledger', passwordFile: password, caFile: secret, certFile, keyFile };
      const client = product.open(service.url, settings);
      try {
        await eventually(() => client.call());
        // Prometheus and the Pushgateway read their web configuration for each connection and each request.
        const rotated = webConfiguration(other.issue('local'), other.cert, hashes.second);
        writeFileSync(`${configuration}.next`, JSON.stringify(rotated));
        renameSync(`${configuration}.next`, configuration);
        await assert.rejects(product.open(service.url, settings).call());
        writeFileSync(password, 's3cret rotated\n');
        cpSync(other.cert, secret);
        cpSync(foreign.cert, certFile);
        cpSync(foreign.key, keyFile);
        // At the same time, so that one of them needs a new connection: the Pushgateway goes on answering on an old one.
        await eventually(() => Promise.all([client.call(), client.call()]));
      } finally {
        await client.close();
      }
    });
  });
}

test('an https URL of a server without TLS', {
  skip,
}, async () => {
  await using plain = await startPushgateway();
  const url = plain.url.replace('http:', 'https:');
  const client = pushgateway.open(url, {});
  await assert.rejects(client.call(), {
    message: `${pushgateway.subject(url)}: it does not speak TLS; set PUSHGATEWAY_URL to its http URL`,
  });
  await client.close();
});
