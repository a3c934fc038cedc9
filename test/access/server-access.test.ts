import assert from 'node:assert/strict';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createServerAccess } from '../../lib/access/server-access.ts';
import type { AccessSettings } from '../../lib/config/access-settings.ts';
import { createAuthority } from '../helpers/certificates.ts';
import { missing } from '../helpers/real-services.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = temporaryFolder('server-access-');
const skip = missing('openssl');

function open(settings: Omit<AccessSettings, 'prefix'>, url = 'https://gateway:9091/') {
  let now = 0;
  const access = createServerAccess(
    { url: new URL(url), access: { prefix: 'PUSHGATEWAY', ...settings } },
    { nowMilliseconds: () => now },
  );
  return {
    access,
    authorization: () => access().headers.authorization,
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

test('credentials are none, those of the URL, a user with the password of a file, or the token of a file', () => {
  const password = folder.write('password', ' p:ä ss\n');
  const token = folder.write('token', 'ey.token\n');
  assert.deepEqual(
    [
      open({}).authorization(),
      open({}, 'https://me:p%40ss@gateway/').authorization(),
      open({ username: 'me', passwordFile: password }).authorization(),
      open({ credentialsFile: token }).authorization(),
    ],
    [undefined, basic('me:p@ss'), basic('me:p:ä ss'), 'Bearer ey.token'],
  );
});

test('a file that changes is read again, at most once a second', () => {
  const path = folder.write('rotating', 'first');
  const { authorization, pass } = open({ credentialsFile: path });
  writeFileSync(path, 'second');
  pass(999);
  assert.equal(authorization(), 'Bearer first');
  pass(1);
  assert.equal(authorization(), 'Bearer second');
});

test('a mounted Secret is read again when Kubernetes swaps its link', () => {
  folder.write('secret/..1/token', 'first');
  folder.write('secret/..2/token', 'secon');
  const data = `${folder.path}/secret/..data`;
  symlinkSync('..1', data);
  symlinkSync('..data/token', `${folder.path}/secret/token`);
  const { authorization, pass } = open({ credentialsFile: `${folder.path}/secret/token` });
  assert.equal(authorization(), 'Bearer first');
  symlinkSync('..2', `${data}_tmp`);
  renameSync(`${data}_tmp`, data);
  pass(1000);
  assert.equal(authorization(), 'Bearer secon');
});

test('a file that cannot be used later leaves what was read before, until it can', () => {
  const path = folder.write('emptied', 'first');
  const { authorization, pass } = open({ credentialsFile: path });
  for (const [change, expected] of [
    [() => writeFileSync(path, ''), 'Bearer first'],
    [() => rmSync(path), 'Bearer first'],
    [() => writeFileSync(path, 'next'), 'Bearer next'],
  ] as const) {
    change();
    pass(1000);
    assert.equal(authorization(), expected);
  }
});

test('the TLS options are the same object while no certificate has changed', { skip }, () => {
  const authority = createAuthority(folder.path, 'a');
  const { cert, key } = authority.issue('me');
  const path = folder.write('beside-tls', 'first');
  const settings = { credentialsFile: path, caFile: authority.cert, certFile: cert, keyFile: key };
  const { access, pass } = open(settings);
  const { tls } = access();
  writeFileSync(path, 'second');
  pass(1000);
  assert.equal(access().headers.authorization, 'Bearer second');
  assert.equal(access().tls, tls);
});

const absent = '/nowhere/file';
const junk = folder.write('junk', 'junk');
const blank = folder.write('blank', '\n');
const remedy = 'correct the file, or the variable, and start again';

const faults: Readonly<Record<string, readonly [Omit<AccessSettings, 'prefix'>, message: string]>> = {
  'a missing password file': [
    { username: 'me', passwordFile: absent },
    `PUSHGATEWAY_PASSWORD_FILE="${absent}": ENOENT: no such file or directory, open '${absent}'`,
  ],
  'a password file that is a folder': [
    { username: 'me', passwordFile: folder.path },
    `PUSHGATEWAY_PASSWORD_FILE="${folder.path}": EISDIR: illegal operation on a directory, read`,
  ],
  'an empty password': [
    { username: 'me', passwordFile: blank },
    `PUSHGATEWAY_PASSWORD_FILE="${blank}": it is empty`,
  ],
  'a token of two words': [
    { credentialsFile: folder.write('two', 'Bearer hunter2') },
    `PUSHGATEWAY_CREDENTIALS_FILE="${folder.path}/two": it is not visible ASCII characters`,
  ],
  'a missing authority': [
    { caFile: absent },
    `PUSHGATEWAY_CA_FILE="${absent}": ENOENT: no such file or directory, open '${absent}'`,
  ],
  'an authority that is no certificate': [
    { caFile: junk },
    `PUSHGATEWAY_CA_FILE="${junk}": it contains no certificate in PEM (error:0480006C:PEM routines::no start line)`,
  ],
  'a client certificate that is none': [
    { certFile: junk, keyFile: junk },
    `PUSHGATEWAY_CERT_FILE="${junk}": error:0480006C:PEM routines::no start line`,
  ],
};

for (const [sentence, [settings, message]] of Object.entries(faults)) {
  test(`${sentence} is an error of the configuration`, () => {
    assert.throws(() => open(settings), { kind: 'configuration', message: `reading ${message}; ${remedy}` });
  });
}

test('a key that is not that of the certificate is an error of the configuration', { skip }, () => {
  const authority = createAuthority(folder.path, 'a');
  const { cert } = authority.issue('one');
  const { key } = authority.issue('two');
  assert.throws(() => open({ certFile: cert, keyFile: key }), {
    kind: 'configuration',
    message: `reading PUSHGATEWAY_KEY_FILE="${key}": error:05800074:x509 certificate routines::key values mismatch; ${remedy}`,
  });
});
