import { choiceSyntax, chooseFamilies } from '../metrics/family-choice.ts';
import { takenLabels } from '../metrics/grouping-key.ts';
import { type AccessSettingTable, accessSettingTable, type ServerPrefix } from './access-settings.ts';
import type { Setting } from './setting.ts';
import {
  address,
  anyHttpUrl,
  eventExtensions,
  httpUrl,
  labels,
  namespaceList,
  oneOf,
  span,
  subjectList,
  text,
  timeLimit,
  token,
  wholeNumber,
  withScheme,
} from './setting-forms.ts';
import { tracingSettings } from './tracing-settings.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting with its meaning and its default. */
export const settings = {
  pushgatewayUrl: {
    name: 'PUSHGATEWAY_URL',
    summary:
      'Base URL of the Pushgateway, with a path where it has one; may contain `user:password@`. Without it an embedded gateway stores the records in memory. Inside a cluster it must be set.',
    form: 'an http or https URL without a query',
    parse: httpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
  pushgatewayTimeout: {
    name: 'PUSHGATEWAY_TIMEOUT',
    summary:
      'Time limit of one push, the wait for a free connection included. While the records are read, which a Pushgateway with many of them answers late, each wait may take two minutes, or this where it is longer.',
    form: 'a time such as 500ms, 5s or 1m, above 0 and at most 10m',
    parse: timeLimit,
    fallback: '5s',
    secret: false,
  },
  pushgatewayConnections: {
    name: 'PUSHGATEWAY_CONNECTIONS',
    summary: 'The most connections to the Pushgateway, and so the most pushes at a time.',
    form: 'a whole number from 1 to 1024',
    parse: wholeNumber(1, 1024),
    fallback: '32',
    secret: false,
  },
  job: {
    name: 'JOB',
    summary: 'The `job` label of every record.',
    form: 'text',
    parse: text,
    fallback: 'pod_monitor',
    secret: false,
  },
  groupingLabels: {
    name: 'GROUPING_LABELS',
    summary: 'Constant labels of every record, as `cluster=eu-1,env=prod`.',
    form: `a list of name=value with commas between them, each name once and none of ${[...takenLabels].join(', ')}`,
    parse: labels,
    fallback: '',
    secret: false,
  },
  metrics: {
    name: 'METRICS',
    summary: `The metric families to push: ${choiceSyntax}.`,
    form: choiceSyntax,
    parse: chooseFamilies,
    fallback: 'default',
    secret: false,
  },
  port: {
    name: 'PORT',
    summary: 'The port that the function listens on; 0 picks a free one.',
    form: 'a whole number from 0 to 65535',
    parse: wholeNumber(0, 65_535),
    fallback: '8080',
    secret: false,
  },
  host: {
    name: 'HOST',
    summary: 'The address that the function listens on; `::` for IPv6.',
    form: 'an IP address or a host name',
    parse: text,
    fallback: '0.0.0.0',
    secret: false,
  },
  authToken: {
    name: 'AUTH_TOKEN',
    summary:
      'Where set, an event is taken only with `Authorization: Bearer` and this token, or one that `OIDC_AUDIENCE` accepts.',
    form: 'visible ASCII characters',
    parse: token,
    fallback: '',
    secret: true,
  },
  oidcAudience: {
    name: 'OIDC_AUDIENCE',
    summary:
      'Where set, an event is taken only with a bearer token (a JWT, as service accounts have) for this audience, from one of `OIDC_SUBJECTS`, or with the `AUTH_TOKEN`.',
    form: 'text',
    parse: text,
    fallback: '',
    secret: false,
  },
  oidcSubjects: {
    name: 'OIDC_SUBJECTS',
    summary:
      'Whose tokens are accepted, as `system:serviceaccount:NAMESPACE:NAME`; a `*` at the end stands for anything. Required with `OIDC_AUDIENCE`.',
    form: 'a list of subjects with commas between them, with * at most at the end of each',
    parse: subjectList,
    fallback: '',
    secret: false,
  },
  oidcIssuer: {
    name: 'OIDC_ISSUER',
    summary: 'Who must have issued the tokens. Without it the issuer that the discovery document names.',
    form: 'text',
    parse: text,
    fallback: '',
    secret: false,
  },
  oidcDiscoveryUrl: {
    name: 'OIDC_DISCOVERY_URL',
    summary:
      'Where the issuer publishes `/.well-known/openid-configuration`; the default is the API server of the cluster.',
    form: 'an http or https URL without a query',
    parse: httpUrl,
    fallback: 'https://kubernetes.default.svc',
    secret: true,
    hint: withScheme,
  },
  oidcTokenFile: {
    name: 'OIDC_TOKEN_FILE',
    summary:
      "A file with the bearer token that fetches the keys, read for each fetch, and sent over https to the host of `OIDC_DISCOVERY_URL` alone. For the default URL, the Pod's service account token; for another one none.",
    form: 'a path',
    parse: text,
    fallback: '',
    secret: false,
  },
  oidcCaFile: {
    name: 'OIDC_CA_FILE',
    summary:
      "Certificates in PEM of the authorities that sign the certificate of `OIDC_DISCOVERY_URL`. For the default URL, the cluster's; for another one the public ones.",
    form: 'a path',
    parse: text,
    fallback: '',
    secret: false,
  },
  deadLettersAuthToken: {
    name: 'DEAD_LETTERS_AUTH_TOKEN',
    summary: 'As `AUTH_TOKEN`, for `restart-ledger dead-letters`, which ignores that one.',
    form: 'visible ASCII characters',
    parse: token,
    fallback: '',
    secret: true,
  },
  deadLettersOidcAudience: {
    name: 'DEAD_LETTERS_OIDC_AUDIENCE',
    summary:
      'As `OIDC_AUDIENCE`, for `restart-ledger dead-letters`, which ignores that one; all other `OIDC_` settings are its own too.',
    form: 'text',
    parse: text,
    fallback: '',
    secret: false,
  },
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    summary: 'The largest request body, in bytes.',
    form: 'a whole number from 1024 to 268435456',
    parse: wholeNumber(1024, 2 ** 28),
    fallback: '4194304',
    secret: false,
  },
  maxBytesInFlight: {
    name: 'MAX_BYTES_IN_FLIGHT',
    summary:
      'The most bytes of request bodies in memory at a time, counted by their declared length; a request beyond it is answered 503. At least `MAX_BODY_BYTES`.',
    form: 'a whole number from 1024 to 17179869184',
    parse: wholeNumber(1024, 2 ** 34),
    fallback: '67108864',
    secret: false,
  },
  maxInFlight: {
    name: 'MAX_IN_FLIGHT',
    summary:
      'The most requests with events at a time, from the end of their bodies on; one more is answered 503.',
    form: 'a whole number from 1 to 65536',
    parse: wholeNumber(1, 65_536),
    fallback: '256',
    secret: false,
  },
  retention: {
    name: 'RETENTION',
    summary:
      'How long a record is kept in the Pushgateway after its restart. A sweep deletes what is older, and what is older is not pushed. 0 keeps everything.',
    form: 'a time such as 12h or 7d, or 0',
    parse: span,
    fallback: '7d',
    secret: false,
  },
  maxPerContainer: {
    name: 'MAX_PER_CONTAINER',
    summary: 'The most records of one container that a sweep leaves, the newest ones.',
    form: 'a whole number from 1 to 1000000',
    parse: wholeNumber(1, 1_000_000),
    fallback: '100',
    secret: false,
  },
  maxRecords: {
    name: 'MAX_RECORDS',
    summary:
      'The most records of all containers that a sweep leaves, the newest ones. A Pushgateway needs about 15 kB of memory for one.',
    form: 'a whole number from 1 to 10000000',
    parse: wholeNumber(1, 10_000_000),
    fallback: '50000',
    secret: false,
  },
  prometheusUrl: {
    name: 'PROMETHEUS_URL',
    summary:
      'Base URL of the Prometheus that scrapes the Pushgateway. Where set, a sweep asks it first, and deletes nothing that is not scraped.',
    form: 'an http or https URL without a query',
    parse: httpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
  namespaces: {
    name: 'NAMESPACES',
    summary: 'The namespaces whose Pods are read from the API server; empty for all.',
    form: 'a list of namespaces with commas between them',
    parse: namespaceList,
    fallback: '',
    secret: false,
  },
  podSelector: {
    name: 'POD_SELECTOR',
    summary: 'Only Pods with these labels are read from the API server, as for `kubectl --selector`.',
    form: 'a label selector',
    parse: text,
    fallback: '',
    secret: false,
  },
  kubernetesTimeout: {
    name: 'KUBERNETES_TIMEOUT',
    summary: 'Time limit of one answer of the API server, watches excepted.',
    form: 'a time such as 10s or 1m, above 0 and at most 10m',
    parse: timeLimit,
    fallback: '30s',
    secret: false,
  },
  sink: {
    name: 'K_SINK',
    summary:
      'Where `restart-ledger watch` sends CloudEvents; Knative sets it. Without it, it records by itself.',
    form: 'an http or https URL',
    parse: anyHttpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
  eventOverrides: {
    name: 'K_CE_OVERRIDES',
    summary: 'Further attributes of the CloudEvents that are sent, as Knative sets them.',
    form: 'JSON such as {"extensions":{"team":"a"}}, with names of lower-case letters and digits',
    parse: eventExtensions,
    fallback: '',
    secret: false,
  },
  sinkAuthorities: {
    name: 'K_CA_CERTS',
    summary: 'Certificates in PEM of further authorities that may sign the certificate of the sink.',
    form: 'certificates in PEM',
    parse: text,
    fallback: '',
    secret: false,
  },
  sinkTokenFile: {
    name: 'SINK_TOKEN_FILE',
    summary:
      'A file with the bearer token that `watch` and `replay --to` send with each event, in place of the credentials of the URL: a projected service account token, or a static one. It is read again when it changes.',
    form: 'a path',
    parse: text,
    fallback: '',
    secret: false,
  },
  embeddedGatewayAddress: {
    name: 'EMBEDDED_GATEWAY_ADDRESS',
    summary: 'Where the embedded gateway listens; port 0 picks a free one.',
    form: 'host:port',
    parse: address,
    fallback: '127.0.0.1:9091',
    secret: false,
  },
  logLevel: {
    name: 'LOG_LEVEL',
    summary: `The least severe log lines that are written: ${logLevels.join(', ')}. Refusals of one kind are written ten times in ten seconds, then counted; all of them with debug or trace.`,
    form: logLevels.join(', '),
    parse: oneOf(...logLevels),
    fallback: 'info',
    secret: false,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;

/** The settings for TLS and credentials, by the prefix of the server. */
export const accessSettings: Readonly<Record<ServerPrefix, AccessSettingTable>> = {
  PUSHGATEWAY: accessSettingTable('PUSHGATEWAY', 'Pushgateway'),
  PROMETHEUS: accessSettingTable('PROMETHEUS', 'Prometheus'),
};

export const allSettings: readonly Setting<unknown>[] = [
  ...Object.values(settings),
  ...Object.values(accessSettings).flatMap((table) => Object.values(table)),
  ...Object.values(tracingSettings),
];
