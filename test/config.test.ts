import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../lib/config.ts';
import { metricFamilies } from '../lib/metrics/families.ts';

function accessOf(prefix: string, given: Record<string, string> = {}) {
  return {
    prefix,
    urlOption: undefined,
    username: undefined,
    passwordFile: undefined,
    credentialsFile: undefined,
    caFile: undefined,
    certFile: undefined,
    keyFile: undefined,
    serverName: undefined,
    ...given,
  };
}

const defaults = {
  pushgateway: {
    url: undefined,
    access: accessOf('PUSHGATEWAY'),
    timeoutMilliseconds: 5000,
    connections: 32,
  },
  grouping: { job: 'pod_monitor', groupingLabels: [] },
  families: metricFamilies.slice(0, 3),
  retention: { seconds: 604_800, maxPerContainer: 100, maxRecords: 50_000 },
  prometheus: undefined,
  cluster: { namespaces: [], podSelector: '', timeoutMilliseconds: 30_000 },
  sink: {
    url: undefined,
    urlSetting: 'K_SINK',
    extensions: {},
    authorities: undefined,
    tokenFile: undefined,
  },
  server: {
    host: '0.0.0.0',
    port: 8080,
    authToken: undefined,
    oidc: undefined,
    maxBodyBytes: 4_194_304,
    maxBytesInFlight: 67_108_864,
    maxInFlight: 256,
  },
  deadLetters: { authToken: undefined, oidc: undefined },
  embeddedGateway: { host: '127.0.0.1', port: 9091 },
  logLevel: 'info',
  insideCluster: false,
};

test('an empty environment gives the defaults', () => {
  assert.deepEqual(readConfig({}), defaults);
});

test('an empty variable counts as unset', () => {
  assert.deepEqual(readConfig({ PORT: '', METRICS: '', PUSHGATEWAY_URL: '', AUTH_TOKEN: '' }), defaults);
});

test('every setting is read', () => {
  const environment = {
    PUSHGATEWAY_URL: 'https://user:p%40ss@metrics.example.com/push/',
    PUSHGATEWAY_TIMEOUT: '1.5s',
    PUSHGATEWAY_CONNECTIONS: '8',
    JOB: 'restarts',
    GROUPING_LABELS: 'cluster=eu-1, env=a=b,empty=',
    METRICS: 'details,total',
    PORT: '0',
    HOST: '::',
    AUTH_TOKEN: 's3cret',
    OIDC_AUDIENCE: 'ledger',
    OIDC_SUBJECTS: 'system:serviceaccount:shop:a, system:serviceaccount:ops:*',
    OIDC_ISSUER: 'https://issuer.example',
    OIDC_DISCOVERY_URL: 'https://issuer.example/realm',
    OIDC_TOKEN_FILE: '/run/token',
    OIDC_CA_FILE: '/run/ca.crt',
    DEAD_LETTERS_AUTH_TOKEN: 'other',
    DEAD_LETTERS_OIDC_AUDIENCE: 'dead-letters',
    SINK_TOKEN_FILE: '/run/sink-token',
    MAX_BODY_BYTES: '65536',
    MAX_BYTES_IN_FLIGHT: '65536',
    MAX_IN_FLIGHT: '1',
    RETENTION: '12h',
    MAX_PER_CONTAINER: '10',
    MAX_RECORDS: '2000',
    PUSHGATEWAY_CA_FILE: '/tls/ca.crt',
    PUSHGATEWAY_CERT_FILE: '/tls/tls.crt',
    PUSHGATEWAY_KEY_FILE: '/tls/tls.key',
    PUSHGATEWAY_SERVER_NAME: 'pushgateway.internal',
    PROMETHEUS_URL: 'http://prometheus:9090',
    PROMETHEUS_USERNAME: 'ledger',
    PROMETHEUS_PASSWORD_FILE: '/secret/password',
    NAMESPACES: 'shop, billing',
    POD_SELECTOR: 'app in (web,api)',
    KUBERNETES_TIMEOUT: '1m',
    K_SINK: 'http://broker.knative-eventing.svc/default/ledger?x=1',
    K_CE_OVERRIDES: '{"extensions":{"team":"a","tier":1}}',
    K_CA_CERTS: '-----BEGIN CERTIFICATE-----',
    EMBEDDED_GATEWAY_ADDRESS: '[::1]:0',
    LOG_LEVEL: 'debug',
    UNRELATED: 'x',
  };
  const oidc = {
    issuer: 'https://issuer.example',
    subjects: ['system:serviceaccount:shop:a', 'system:serviceaccount:ops:*'],
    discoveryUrl: new URL('https://issuer.example/realm'),
    tokenFile: '/run/token',
    authoritiesFile: '/run/ca.crt',
  };
  assert.deepEqual(readConfig(environment), {
    pushgateway: {
      url: new URL('https://user:p%40ss@metrics.example.com/push/'),
      access: accessOf('PUSHGATEWAY', {
        caFile: '/tls/ca.crt',
        certFile: '/tls/tls.crt',
        keyFile: '/tls/tls.key',
        serverName: 'pushgateway.internal',
      }),
      timeoutMilliseconds: 1500,
      connections: 8,
    },
    grouping: {
      job: 'restarts',
      groupingLabels: [
        ['cluster', 'eu-1'],
        ['env', 'a=b'],
        ['empty', ''],
      ],
    },
    families: [metricFamilies[0], metricFamilies[2]],
    retention: { seconds: 43_200, maxPerContainer: 10, maxRecords: 2000 },
    prometheus: {
      url: new URL('http://prometheus:9090'),
      access: accessOf('PROMETHEUS', { username: 'ledger', passwordFile: '/secret/password' }),
    },
    cluster: {
      namespaces: ['shop', 'billing'],
      podSelector: 'app in (web,api)',
      timeoutMilliseconds: 60_000,
    },
    sink: {
      url: new URL('http://broker.knative-eventing.svc/default/ledger?x=1'),
      urlSetting: 'K_SINK',
      extensions: { team: 'a', tier: '1' },
      authorities: '-----BEGIN CERTIFICATE-----',
      tokenFile: '/run/sink-token',
    },
    server: {
      host: '::',
      port: 0,
      authToken: 's3cret',
      oidc: { ...oidc, audience: 'ledger' },
      maxBodyBytes: 65_536,
      maxBytesInFlight: 65_536,
      maxInFlight: 1,
    },
    deadLetters: { authToken: 'other', oidc: { ...oidc, audience: 'dead-letters' } },
    embeddedGateway: { host: '::1', port: 0 },
    logLevel: 'debug',
    insideCluster: false,
  });
});

/** Of `kubernetes.default.svc`, and of no other server, which could be anybody's. */
const serviceAccount = {
  tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
  authoritiesFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
};

for (const [discoveryUrl, files] of [
  ['https://kubernetes.default.svc', serviceAccount],
  ['https://kubernetes.default.svc/', serviceAccount],
  ['https://kubernetes.default.svc.example.com', { tokenFile: undefined, authoritiesFile: undefined }],
  ['http://kubernetes.default.svc', { tokenFile: undefined, authoritiesFile: undefined }],
] as const)
  test(`the files that fetch the keys of ${discoveryUrl}`, () => {
    const environment = { OIDC_AUDIENCE: 'ledger', OIDC_SUBJECTS: '*', OIDC_DISCOVERY_URL: discoveryUrl };
    assert.deepEqual(readConfig(environment).server.oidc, {
      audience: 'ledger',
      issuer: undefined,
      subjects: ['*'],
      discoveryUrl: new URL(discoveryUrl),
      ...files,
    });
  });

test('the API server of the cluster is the default issuer, and dead letters have an audience of their own', () => {
  const { server, deadLetters } = readConfig({ DEAD_LETTERS_OIDC_AUDIENCE: 'kept', OIDC_SUBJECTS: 'a' });
  assert.equal(server.oidc, undefined);
  assert.deepEqual(deadLetters.oidc, {
    audience: 'kept',
    issuer: undefined,
    subjects: ['a'],
    discoveryUrl: new URL('https://kubernetes.default.svc'),
    ...serviceAccount,
  });
});

const subjects = 'a list of subjects with commas between them, with * at most at the end of each';
const url = 'an http or https URL without a query';
const time = 'a time such as 500ms, 5s or 1m, above 0 and at most 10m';
const labels =
  'a list of name=value with commas between them, each name once and none of job, le, namespace, pod, uid, container, restart_id, reason, exit_code, restart_count, finished_time, duration, container_type, container_id, node, image, owner_kind, owner_name, workload, workload_type, finished_at, started_at';
const port = 'a whole number from 0 to 65535';

const faults: readonly [environment: Record<string, string>, fact: string][] = [
  [
    { PUSHGATEWAY_URL: 'pushgateway:9091' },
    `PUSHGATEWAY_URL is not ${url} (did you mean http://pushgateway:9091?)`,
  ],
  [{ PUSHGATEWAY_URL: 'http://user:hunter2@' }, `PUSHGATEWAY_URL is not ${url}`],
  [{ PUSHGATEWAY_URL: 'http://gateway/?token=hunter2' }, `PUSHGATEWAY_URL is not ${url}`],
  [{ PUSHGATEWAY_URL: 'http://user:%zz@gateway/' }, `PUSHGATEWAY_URL is not ${url}`],
  [{ OIDC_AUDIENCE: 'a' }, 'OIDC_AUDIENCE is set without OIDC_SUBJECTS'],
  [{ DEAD_LETTERS_OIDC_AUDIENCE: 'a' }, 'DEAD_LETTERS_OIDC_AUDIENCE is set without OIDC_SUBJECTS'],
  [{ OIDC_SUBJECTS: 'a' }, 'OIDC_SUBJECTS or OIDC_ISSUER is set without OIDC_AUDIENCE'],
  [{ OIDC_ISSUER: 'a' }, 'OIDC_SUBJECTS or OIDC_ISSUER is set without OIDC_AUDIENCE'],
  [{ OIDC_SUBJECTS: 'a,' }, `OIDC_SUBJECTS="a," is not ${subjects}`],
  [{ OIDC_SUBJECTS: 'a*b' }, `OIDC_SUBJECTS="a*b" is not ${subjects}`],
  [{ OIDC_SUBJECTS: '**' }, `OIDC_SUBJECTS="**" is not ${subjects}`],
  [{ OIDC_DISCOVERY_URL: 'kubernetes' }, `OIDC_DISCOVERY_URL is not ${url}`],
  [{ DEAD_LETTERS_AUTH_TOKEN: 'hunter 2' }, 'DEAD_LETTERS_AUTH_TOKEN is not visible ASCII characters'],
  [{ PUSHGATEWAY_TIMEOUT: '5' }, `PUSHGATEWAY_TIMEOUT="5" is not ${time}`],
  [{ PUSHGATEWAY_TIMEOUT: '0s' }, `PUSHGATEWAY_TIMEOUT="0s" is not ${time}`],
  [{ PUSHGATEWAY_TIMEOUT: '11m' }, `PUSHGATEWAY_TIMEOUT="11m" is not ${time}`],
  [{ PUSHGATEWAY_CONNECTIONS: '0' }, 'PUSHGATEWAY_CONNECTIONS="0" is not a whole number from 1 to 1024'],
  [{ GROUPING_LABELS: 'cluster' }, `GROUPING_LABELS="cluster" is not ${labels}`],
  [{ GROUPING_LABELS: 'a=1,a=2' }, `GROUPING_LABELS="a=1,a=2" is not ${labels}`],
  [{ GROUPING_LABELS: 'pod=x' }, `GROUPING_LABELS="pod=x" is not ${labels}`],
  [{ GROUPING_LABELS: '__a=x' }, `GROUPING_LABELS="__a=x" is not ${labels}`],
  [{ GROUPING_LABELS: '1a=x' }, `GROUPING_LABELS="1a=x" is not ${labels}`],
  [
    { METRICS: 'totals' },
    'METRICS="totals" is not default, all, or a list of total,events,details,event,time,info',
  ],
  [{ PORT: '65536' }, `PORT="65536" is not ${port}`],
  [{ PORT: '8080x' }, `PORT="8080x" is not ${port}`],
  [{ PORT: '-1' }, `PORT="-1" is not ${port}`],
  [{ PORT: '8e3' }, `PORT="8e3" is not ${port}`],
  [{ AUTH_TOKEN: 'two words' }, 'AUTH_TOKEN is not visible ASCII characters'],
  [{ MAX_BODY_BYTES: '4MiB' }, 'MAX_BODY_BYTES="4MiB" is not a whole number from 1024 to 268435456'],
  [
    { MAX_BYTES_IN_FLIGHT: '64Mi' },
    'MAX_BYTES_IN_FLIGHT="64Mi" is not a whole number from 1024 to 17179869184',
  ],
  [
    { MAX_BODY_BYTES: '65537', MAX_BYTES_IN_FLIGHT: '65536' },
    'MAX_BYTES_IN_FLIGHT (65536) is less than MAX_BODY_BYTES (65537)',
  ],
  [{ MAX_IN_FLIGHT: '1.5' }, 'MAX_IN_FLIGHT="1.5" is not a whole number from 1 to 65536'],
  [{ EMBEDDED_GATEWAY_ADDRESS: '9091' }, 'EMBEDDED_GATEWAY_ADDRESS="9091" is not host:port'],
  [{ EMBEDDED_GATEWAY_ADDRESS: '::1:9091' }, 'EMBEDDED_GATEWAY_ADDRESS="::1:9091" is not host:port'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL="loud" is not trace, debug, info, warn, error, fatal, silent'],
  [{ PUSHGATEWAY_USERNAME: 'ledger' }, 'PUSHGATEWAY_USERNAME is set without PUSHGATEWAY_PASSWORD_FILE'],
  [{ PROMETHEUS_PASSWORD_FILE: '/p' }, 'PROMETHEUS_PASSWORD_FILE is set without PROMETHEUS_USERNAME'],
  [{ PUSHGATEWAY_USERNAME: 'a:b' }, 'PUSHGATEWAY_USERNAME="a:b" is not text without a colon'],
  [{ PUSHGATEWAY_SERVER_NAME: 'a b' }, 'PUSHGATEWAY_SERVER_NAME="a b" is not a host name'],
  [
    { PUSHGATEWAY_URL: 'https://a:hunter2@b', PUSHGATEWAY_USERNAME: 'c', PUSHGATEWAY_PASSWORD_FILE: '/p' },
    'PUSHGATEWAY_USERNAME is set, and PUSHGATEWAY_URL contains credentials too',
  ],
  [
    { PUSHGATEWAY_URL: 'https://a:hunter2@b', PUSHGATEWAY_CREDENTIALS_FILE: '/t' },
    'PUSHGATEWAY_CREDENTIALS_FILE is set, and PUSHGATEWAY_URL contains credentials too',
  ],
  [
    { PROMETHEUS_USERNAME: 'c', PROMETHEUS_PASSWORD_FILE: '/p', PROMETHEUS_CREDENTIALS_FILE: '/t' },
    'PROMETHEUS_USERNAME and PROMETHEUS_CREDENTIALS_FILE are set, and only one of them is sent',
  ],
  [
    { PUSHGATEWAY_URL: 'https://b', PUSHGATEWAY_CERT_FILE: '/c' },
    'PUSHGATEWAY_CERT_FILE is set without PUSHGATEWAY_KEY_FILE',
  ],
  [{ PROMETHEUS_KEY_FILE: '/k' }, 'PROMETHEUS_KEY_FILE is set without PROMETHEUS_CERT_FILE'],
  [
    { PUSHGATEWAY_URL: 'http://b', PUSHGATEWAY_CA_FILE: '/c', PUSHGATEWAY_SERVER_NAME: 'b' },
    'PUSHGATEWAY_CA_FILE is set, and PUSHGATEWAY_URL is not an https URL; PUSHGATEWAY_SERVER_NAME is set, and PUSHGATEWAY_URL is not an https URL',
  ],
  [{ K_SINK: 'http://user:%zz@broker/' }, 'K_SINK is not an http or https URL'],
  [{ K_SERVICE: 'restart-ledger', PORT: 'x', HOST: '' }, `PORT="x" is not ${port}`],
];

for (const [environment, fact] of faults) {
  test(`refused: ${JSON.stringify(environment)}`, () => {
    assert.throws(() => readConfig(environment), {
      name: 'LedgerError',
      kind: 'configuration',
      message: `reading the configuration: ${fact}; correct the environment and start again`,
    });
  });
}

test('an option overrides the environment, and its error names the option', () => {
  const flag = { name: '--pushgateway', variable: 'PUSHGATEWAY_URL' };
  const environment = { PUSHGATEWAY_URL: 'http://from-environment' };
  const urlWith = (value: string | undefined) =>
    readConfig(environment, [{ ...flag, value }]).pushgateway.url?.href;
  assert.equal(urlWith(undefined), 'http://from-environment/');
  assert.equal(urlWith('http://from-option'), 'http://from-option/');
  for (const [value, hint] of [
    ['localhost:9091', ' (did you mean http://localhost:9091?)'],
    ['user:hunter2@localhost', ''],
    ['', ''],
  ] as const) {
    assert.throws(() => urlWith(value), {
      kind: 'usage',
      message: `reading the options: --pushgateway is not ${url}${hint}; correct the command line`,
    });
  }
});

test('what has given a URL is known, so that messages name it', () => {
  const environment = { PUSHGATEWAY_USERNAME: 'a', PUSHGATEWAY_PASSWORD_FILE: '/p' };
  const flags = [
    { name: '--pushgateway', variable: 'PUSHGATEWAY_URL', value: 'https://gateway' },
    { name: '--prometheus', variable: 'PROMETHEUS_URL', value: 'https://prometheus' },
    { name: '--to', variable: 'K_SINK', value: 'https://broker' },
  ];
  const { pushgateway, prometheus, sink } = readConfig(environment, flags);
  assert.deepEqual(
    [pushgateway.access.urlOption, prometheus?.access.urlOption, sink.urlSetting],
    ['--pushgateway', '--prometheus', '--to'],
  );
  const withPassword = flags.map((flag) => ({ ...flag, value: 'https://b:hunter2@gateway' }));
  assert.throws(() => readConfig(environment, withPassword), {
    kind: 'configuration',
    message:
      'reading the configuration: PUSHGATEWAY_USERNAME is set, and --pushgateway contains credentials too; correct the environment and start again',
  });
});

test('a process detects that it runs in a cluster', () => {
  assert.equal(readConfig({ KUBERNETES_SERVICE_HOST: '10.96.0.1' }).insideCluster, true);
  assert.equal(readConfig({ K_SERVICE: 'restart-ledger' }).insideCluster, true);
});
