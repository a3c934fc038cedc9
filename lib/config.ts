import { LedgerError } from './errors.ts';
import { choiceSyntax, chooseFamilies } from './metrics/choice.ts';
import type { MetricFamily } from './metrics/families.ts';
import { type GroupingSettings, takenLabels } from './metrics/grouping-key.ts';
import {
  type Address,
  address,
  httpUrl,
  labels,
  oneOf,
  text,
  timeLimit,
  token,
  wholeNumber,
} from './setting-forms.ts';

/** One setting. An environment variable that is empty counts as not set. */
export interface Setting<T> {
  /** The environment variable. */
  readonly name: string;
  readonly summary: string;
  /** What `parse` takes, in words. */
  readonly form: string;
  /** Gives `undefined` for text that it cannot use. */
  readonly parse: (text: string) => T | undefined;
  /** As the environment would give it; empty for a setting that may be left out. */
  readonly fallback: string;
  /** Whether the value may hold a secret: then no message shows it. */
  readonly secret: boolean;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting with its meaning and its default. */
export const settings = {
  pushgatewayUrl: {
    name: 'PUSHGATEWAY_URL',
    summary:
      'Base URL of the Pushgateway, with a path where it has one; may hold `user:password@`. Without it an embedded gateway keeps the records in memory. Inside a cluster it must be set.',
    form: 'an http or https URL without a query',
    parse: httpUrl,
    fallback: '',
    secret: true,
  },
  pushgatewayTimeout: {
    name: 'PUSHGATEWAY_TIMEOUT',
    summary: 'Time limit of one push, the wait for a free connection included.',
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
    summary: 'Where set, an event is taken only with `Authorization: Bearer` and this token.',
    form: 'visible ASCII characters',
    parse: token,
    fallback: '',
    secret: true,
  },
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    summary: 'The largest request body, in bytes.',
    form: 'a whole number from 1024 to 268435456',
    parse: wholeNumber(1024, 2 ** 28),
    fallback: '4194304',
    secret: false,
  },
  maxInFlight: {
    name: 'MAX_IN_FLIGHT',
    summary: 'The most requests with events at a time; one more is answered 503.',
    form: 'a whole number from 1 to 65536',
    parse: wholeNumber(1, 65_536),
    fallback: '256',
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
    summary: `The least severe log lines that are written: ${logLevels.join(', ')}.`,
    form: logLevels.join(', '),
    parse: oneOf(...logLevels),
    fallback: 'info',
    secret: false,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;

export interface Config {
  readonly pushgateway: {
    readonly url: URL | undefined;
    readonly timeoutMilliseconds: number;
    readonly connections: number;
  };
  readonly grouping: GroupingSettings;
  readonly families: readonly MetricFamily[];
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly authToken: string | undefined;
    readonly maxBodyBytes: number;
    readonly maxInFlight: number;
  };
  readonly embeddedGateway: Address;
  readonly logLevel: (typeof logLevels)[number];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The one place where the process's environment is read. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * The configuration that an environment gives, with the defaults filled in.
 *
 * @throws LedgerError `configuration` that names every variable that cannot be used.
 */
export function readConfig(environment: Environment): Config {
  const faults: string[] = [];

  function optional<T>({ name, form, parse, fallback, secret }: Setting<T>): T | undefined {
    const given = environment[name] || fallback;
    const value = given === '' ? undefined : parse(given);
    if (value === undefined && given !== '') {
      faults.push(`${name}${secret ? '' : `=${JSON.stringify(given)}`} is not ${form}`);
    }
    return value;
  }

  function required<T>(setting: Setting<T>): T {
    const value = optional(setting) ?? setting.parse(setting.fallback);
    if (value === undefined) throw new TypeError(`the fallback of ${setting.name} is not ${setting.form}`);
    return value;
  }

  const config: Config = {
    pushgateway: {
      url: optional(settings.pushgatewayUrl),
      timeoutMilliseconds: required(settings.pushgatewayTimeout),
      connections: required(settings.pushgatewayConnections),
    },
    grouping: { job: required(settings.job), groupingLabels: required(settings.groupingLabels) },
    families: required(settings.metrics),
    server: {
      host: required(settings.host),
      port: required(settings.port),
      authToken: optional(settings.authToken),
      maxBodyBytes: required(settings.maxBodyBytes),
      maxInFlight: required(settings.maxInFlight),
    },
    embeddedGateway: required(settings.embeddedGatewayAddress),
    logLevel: required(settings.logLevel),
  };
  if (config.pushgateway.url === undefined && insideCluster(environment)) {
    faults.push(
      'PUSHGATEWAY_URL is not set, and inside a cluster a record in the memory of a Pod is no record',
    );
  }
  if (faults.length > 0) throw configurationError(faults);
  return config;
}

/** Kubernetes sets the first in every Pod, Knative the second in every function. */
function insideCluster(environment: Environment): boolean {
  return Boolean(environment['KUBERNETES_SERVICE_HOST'] || environment['K_SERVICE']);
}

function configurationError(faults: readonly string[]): LedgerError {
  return new LedgerError('configuration', {
    operation: 'reading',
    subject: 'the configuration',
    fact: faults.join('; '),
    remedy: 'correct the environment and start again',
  });
}
