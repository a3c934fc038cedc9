import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../helpers/certificates.ts';
import { runCommand } from '../../helpers/command.ts';
import { eventually } from '../../helpers/eventually.ts';
import { missing, startPrometheus, startPushgateway } from '../../helpers/real-services.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const skip = missing('prometheus-pushgateway') || missing('prometheus') || missing('openssl');
const folder = temporaryFolder('doctor-secured-');

/** The findings about the Pushgateway and Prometheus, without ports and versions. */
async function findings(environment: Record<string, string>): Promise<readonly string[]> {
  const { stdout } = await runCommand(['doctor'], environment);
  return stdout
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/version \S+/g, 'version V')
    .split('\n')
    .filter((line) => /^. P(?:ushgateway|rometheus) /.test(line));
}

test('doctor and sweep reach servers behind TLS and a password, and doctor says what is missing', {
  skip,
}, async () => {
  const authority = createAuthority(folder.path, 'the authority of the test');
  const { cert, key } = authority.issue('local');
  // Of "hunter2".
  const hash = '$2b$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm';
  const configuration = {
    tls_server_config: { cert_file: cert, key_file: key },
    basic_auth_users: { ledger: hash },
  };
  const tls = folder.write('web.json', JSON.stringify(configuration));
  await using gateway = await startPushgateway({ tls });
  await using prometheus = await startPrometheus({ tls });
  const urls = { PUSHGATEWAY_URL: gateway.url, PROMETHEUS_URL: prometheus.url };
  const passwordFile = folder.write('password', 'hunter2');
  const settings = Object.fromEntries(
    ['PUSHGATEWAY', 'PROMETHEUS'].flatMap((prefix) => [
      [`${prefix}_CA_FILE`, authority.cert],
      [`${prefix}_USERNAME`, 'ledger'],
      [`${prefix}_PASSWORD_FILE`, passwordFile],
    ]),
  );
  await eventually(async () => {
    assert.deepEqual(await findings({ ...urls, ...settings }), [
      '✓ Pushgateway       version V answers',
      '✗ Prometheus        scrapes no Pushgateway; add a scrape of the Pushgateway, with honor_labels: true',
    ]);
  });
  const why =
    'unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca';
  assert.deepEqual(await findings(urls), [
    `✗ Pushgateway       https://HOST/api/v1/status: its certificate is signed by an unknown authority (${why}); put the certificate of the authority that signed it into PUSHGATEWAY_CA_FILE`,
    `✗ Prometheus        https://HOST/api/v1/query: its certificate is signed by an unknown authority (${why}); put the certificate of the authority that signed it into PROMETHEUS_CA_FILE`,
  ]);
  const wrong = folder.write('wrong', 'hunter3');
  const wrongPasswords = { PUSHGATEWAY_PASSWORD_FILE: wrong, PROMETHEUS_PASSWORD_FILE: wrong };
  assert.deepEqual(await findings({ ...urls, ...settings, ...wrongPasswords }), [
    '✗ Pushgateway       https://HOST/api/v1/status: the gateway answered 401 (Unauthorized); put the password of PUSHGATEWAY_USERNAME into PUSHGATEWAY_PASSWORD_FILE',
    '✗ Prometheus        https://HOST/api/v1/query: it answered 401; put the password of PROMETHEUS_USERNAME into PROMETHEUS_PASSWORD_FILE',
  ]);
  const { PROMETHEUS_URL: _prometheus, ...gatewayAlone } = urls;
  assert.deepEqual(await runCommand(['sweep'], { ...gatewayAlone, ...settings }), {
    code: 0,
    stdout:
      '0 records stored: 0 past retention, 0 beyond the newest 100 of a container or 50000 of all, 0 deleted\n',
    stderr: '',
  });
});
