import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Remains, runFunction } from '../helpers/function-process.ts';
import { startHttpStub } from '../helpers/http-stub.ts';
import type { Environment } from '../helpers/process.ts';

/** The outcome of a process that did not start: one line, exit code 1, nothing else. */
function notStarted(reason: string): Remains {
  return {
    code: 1,
    signal: null,
    logs: [{ level: 'fatal', kind: 'configuration', reason, msg: 'not started' }],
    stderr: '',
  };
}

function unusable(...faults: readonly string[]): Remains {
  return notStarted(
    `reading the configuration: ${faults.join('; ')}; correct the environment and start again`,
  );
}

const noGateway = notStarted(
  'reading the configuration: PUSHGATEWAY_URL is not set, and a record in the memory of a Pod is lost with the Pod; set PUSHGATEWAY_URL to a Pushgateway in the cluster',
);

const cases: Readonly<Record<string, readonly [environment: Environment, remains: Remains]>> = {
  'inside Kubernetes without PUSHGATEWAY_URL': [{ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, noGateway],
  'inside Knative without PUSHGATEWAY_URL': [{ K_SERVICE: 'restart-ledger' }, noGateway],
  'with an empty PUSHGATEWAY_URL inside a cluster': [
    { K_SERVICE: 'restart-ledger', PUSHGATEWAY_URL: '' },
    noGateway,
  ],
  'with a password file that is missing': [
    {
      PUSHGATEWAY_URL: 'http://a',
      PUSHGATEWAY_USERNAME: 'b',
      PUSHGATEWAY_PASSWORD_FILE: '/nowhere/password',
    },
    notStarted(
      'reading PUSHGATEWAY_PASSWORD_FILE="/nowhere/password": ENOENT: no such file or directory, open \'/nowhere/password\'; correct the file, or the variable, and start again',
    ),
  ],
  'with an authority for Prometheus that is missing': [
    { PUSHGATEWAY_URL: 'http://a', PROMETHEUS_URL: 'https://b', PROMETHEUS_CA_FILE: '/nowhere/ca.crt' },
    notStarted(
      'reading PROMETHEUS_CA_FILE="/nowhere/ca.crt": ENOENT: no such file or directory, open \'/nowhere/ca.crt\'; correct the file, or the variable, and start again',
    ),
  ],
  'with bad settings, and names all of them at once without a secret': [
    {
      PUSHGATEWAY_URL: 'http://ledger:hunter2@',
      PUSHGATEWAY_TIMEOUT: '5',
      PUSHGATEWAY_CONNECTIONS: 'many',
      METRICS: 'totals',
      PORT: '70000',
      AUTH_TOKEN: 'hunter2 hunter2',
      MAX_BODY_BYTES: '4MiB',
      MAX_IN_FLIGHT: '0',
      EMBEDDED_GATEWAY_ADDRESS: '9091',
      LOG_LEVEL: 'loud',
    },
    unusable(
      'PUSHGATEWAY_URL is not an http or https URL without a query',
      'PUSHGATEWAY_TIMEOUT="5" is not a time such as 500ms, 5s or 1m, above 0 and at most 10m',
      'PUSHGATEWAY_CONNECTIONS="many" is not a whole number from 1 to 1024',
      'METRICS="totals" is not default, all, or a list of total,events,details,event,time,info',
      'PORT="70000" is not a whole number from 0 to 65535',
      'AUTH_TOKEN is not visible ASCII characters',
      'MAX_BODY_BYTES="4MiB" is not a whole number from 1024 to 268435456',
      'MAX_IN_FLIGHT="0" is not a whole number from 1 to 65536',
      'EMBEDDED_GATEWAY_ADDRESS="9091" is not host:port',
      'LOG_LEVEL="loud" is not trace, debug, info, warn, error, fatal, silent',
    ),
  ],
};

for (const [what, [environment, remains]] of Object.entries(cases)) {
  test(`does not start ${what}`, async () => {
    assert.deepEqual(await runFunction(environment), remains);
  });
}

test('does not start on a PORT that is in use', async () => {
  await using other = await startHttpStub();
  const { host, port } = new URL(other.url);
  assert.deepEqual(
    await runFunction({ PUSHGATEWAY_URL: other.url, PORT: port }),
    notStarted(
      `listening on ${host}: listen EADDRINUSE: address already in use ${host}; set HOST and PORT to an address that is free`,
    ),
  );
});

test('does not start when the address of the embedded gateway is in use', async () => {
  await using other = await startHttpStub();
  const { host } = new URL(other.url);
  const { logs, ...remains } = await runFunction({ EMBEDDED_GATEWAY_ADDRESS: host });
  assert.deepEqual(remains, { code: 1, signal: null, stderr: '' });
  const [{ reason, ...line } = {}, ...more] = logs;
  assert.deepEqual([line, more], [{ level: 'fatal', kind: 'configuration', msg: 'not started' }, []]);
  assert.match(String(reason), new RegExp(`${host}.*EADDRINUSE.*EMBEDDED_GATEWAY_ADDRESS`));
});
