import type { Address } from './config/setting-forms.ts';
import { type logLevels, type Setting, settings } from './config/settings.ts';
import { LedgerError } from './errors.ts';
import type { MetricFamily } from './metrics/families.ts';
import type { GroupingSettings } from './metrics/grouping-key.ts';

export interface Config {
  readonly pushgateway: {
    readonly url: URL | undefined;
    readonly timeoutMilliseconds: number;
    readonly connections: number;
  };
  readonly grouping: GroupingSettings;
  readonly families: readonly MetricFamily[];
  readonly retention: {
    /** `Infinity` keeps everything. */
    readonly seconds: number;
    readonly maxPerContainer: number;
  };
  readonly prometheusUrl: URL | undefined;
  readonly cluster: {
    /** Empty for all. */
    readonly namespaces: readonly string[];
    /** Empty for all Pods. */
    readonly podSelector: string;
    readonly timeoutMilliseconds: number;
  };
  readonly sink: {
    readonly url: URL | undefined;
    /** Further attributes of the events, by name. */
    readonly extensions: Readonly<Record<string, string>>;
    /** In PEM. */
    readonly authorities: string | undefined;
  };
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
    retention: {
      seconds: (required(settings.retention) || Number.POSITIVE_INFINITY) / 1000,
      maxPerContainer: required(settings.maxPerContainer),
    },
    prometheusUrl: optional(settings.prometheusUrl),
    cluster: {
      namespaces: optional(settings.namespaces) ?? [],
      podSelector: optional(settings.podSelector) ?? '',
      timeoutMilliseconds: required(settings.kubernetesTimeout),
    },
    sink: {
      url: optional(settings.sink),
      extensions: optional(settings.eventOverrides) ?? {},
      authorities: optional(settings.sinkAuthorities),
    },
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
export function insideCluster(environment: Environment): boolean {
  return Boolean(environment['KUBERNETES_SERVICE_HOST'] || environment['K_SERVICE']);
}

/** The environment of a command by hand, which needs no Pushgateway to have a place for its records. */
export function withoutCluster(environment: Environment): Environment {
  return { ...environment, KUBERNETES_SERVICE_HOST: undefined, K_SERVICE: undefined };
}

function configurationError(faults: readonly string[]): LedgerError {
  return new LedgerError('configuration', {
    operation: 'reading',
    subject: 'the configuration',
    fact: faults.join('; '),
    remedy: 'correct the environment and start again',
  });
}
