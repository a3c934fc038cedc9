import {
  type AccessSettings,
  accessFaults,
  type Server,
  type ServerPrefix,
} from './config/access-settings.ts';
import { type OidcSettings, oidcSettings } from './config/oidc-settings.ts';
import type { Address } from './config/setting-forms.ts';
import { createSettingReader, type Environment, type Flag } from './config/setting-reader.ts';
import { accessSettings, type logLevels, settings } from './config/settings.ts';
import { LedgerError } from './errors.ts';
import type { MetricFamily } from './metrics/families.ts';
import type { GroupingSettings } from './metrics/grouping-key.ts';

export type { Environment, Flag };

export interface Config {
  readonly pushgateway: {
    readonly url: URL | undefined;
    readonly access: AccessSettings;
    readonly timeoutMilliseconds: number;
    readonly connections: number;
  };
  readonly grouping: GroupingSettings;
  readonly families: readonly MetricFamily[];
  readonly retention: {
    /** `Infinity` keeps everything. */
    readonly seconds: number;
    readonly maxPerContainer: number;
    readonly maxRecords: number;
  };
  readonly prometheus: Server | undefined;
  readonly cluster: {
    /** Empty for all. */
    readonly namespaces: readonly string[];
    /** Empty for all Pods. */
    readonly podSelector: string;
    readonly timeoutMilliseconds: number;
  };
  readonly sink: {
    readonly url: URL | undefined;
    /** What a person has given the URL by: `--sink`, for example, or `K_SINK`. */
    readonly urlSetting: string;
    /** Further attributes of the events, by name. */
    readonly extensions: Readonly<Record<string, string>>;
    /** In PEM. */
    readonly authorities: string | undefined;
    /** The file with the bearer token that is sent. */
    readonly tokenFile: string | undefined;
  };
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly authToken: string | undefined;
    readonly oidc: OidcSettings | undefined;
    readonly maxBodyBytes: number;
    /** At least `maxBodyBytes`. */
    readonly maxBytesInFlight: number;
    readonly maxInFlight: number;
  };
  /** Who may send dead letters. */
  readonly deadLetters: {
    readonly authToken: string | undefined;
    readonly oidc: OidcSettings | undefined;
  };
  readonly embeddedGateway: Address;
  readonly logLevel: (typeof logLevels)[number];
  /** Whether the process runs in a Pod, whose memory is lost with it. */
  readonly insideCluster: boolean;
}

/** The only function that reads the environment of the process. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * The configuration that an environment gives, with the defaults filled in.
 *
 * @param flags Options, which override the environment.
 * @throws LedgerError `configuration` that names every variable that cannot be used; `usage` that names the options
 * where an option is the cause.
 */
export function readConfig(environment: Environment, flags: readonly Flag[] = []): Config {
  const { optional, required, optionOf, faults, flagFaults } = createSettingReader(environment, flags);

  function access(prefix: ServerPrefix, url: URL | undefined, urlOption: string | undefined): AccessSettings {
    const table = accessSettings[prefix];
    const found: AccessSettings = {
      prefix,
      urlOption,
      username: optional(table.username),
      passwordFile: optional(table.passwordFile),
      credentialsFile: optional(table.credentialsFile),
      caFile: optional(table.caFile),
      certFile: optional(table.certFile),
      keyFile: optional(table.keyFile),
      serverName: optional(table.serverName),
    };
    faults.push(...accessFaults(url, found));
    return found;
  }

  const pushgatewayUrl = optional(settings.pushgatewayUrl);
  const prometheusUrl = optional(settings.prometheusUrl);
  const prometheusAccess = access('PROMETHEUS', prometheusUrl, optionOf(settings.prometheusUrl));

  const oidc = oidcSettings({
    audience: optional(settings.oidcAudience),
    deadLettersAudience: optional(settings.deadLettersOidcAudience),
    issuer: optional(settings.oidcIssuer),
    subjects: optional(settings.oidcSubjects),
    discoveryUrl: required(settings.oidcDiscoveryUrl),
    tokenFile: optional(settings.oidcTokenFile),
    authoritiesFile: optional(settings.oidcCaFile),
  });
  faults.push(...oidc.faults);
  const config: Config = {
    pushgateway: {
      url: pushgatewayUrl,
      access: access('PUSHGATEWAY', pushgatewayUrl, optionOf(settings.pushgatewayUrl)),
      timeoutMilliseconds: required(settings.pushgatewayTimeout),
      connections: required(settings.pushgatewayConnections),
    },
    grouping: { job: required(settings.job), groupingLabels: required(settings.groupingLabels) },
    families: required(settings.metrics),
    retention: {
      seconds: (required(settings.retention) || Number.POSITIVE_INFINITY) / 1000,
      maxPerContainer: required(settings.maxPerContainer),
      maxRecords: required(settings.maxRecords),
    },
    prometheus: prometheusUrl && { url: prometheusUrl, access: prometheusAccess },
    cluster: {
      namespaces: optional(settings.namespaces) ?? [],
      podSelector: optional(settings.podSelector) ?? '',
      timeoutMilliseconds: required(settings.kubernetesTimeout),
    },
    sink: {
      url: optional(settings.sink),
      urlSetting: optionOf(settings.sink) ?? settings.sink.name,
      extensions: optional(settings.eventOverrides) ?? {},
      authorities: optional(settings.sinkAuthorities),
      tokenFile: optional(settings.sinkTokenFile),
    },
    server: {
      host: required(settings.host),
      port: required(settings.port),
      authToken: optional(settings.authToken),
      oidc: oidc.server,
      maxBodyBytes: required(settings.maxBodyBytes),
      maxBytesInFlight: required(settings.maxBytesInFlight),
      maxInFlight: required(settings.maxInFlight),
    },
    deadLetters: { authToken: optional(settings.deadLettersAuthToken), oidc: oidc.deadLetters },
    embeddedGateway: required(settings.embeddedGatewayAddress),
    logLevel: required(settings.logLevel),
    insideCluster: insideCluster(environment),
  };
  const { maxBodyBytes, maxBytesInFlight } = config.server;
  if (maxBytesInFlight < maxBodyBytes) {
    faults.push(`MAX_BYTES_IN_FLIGHT (${maxBytesInFlight}) is less than MAX_BODY_BYTES (${maxBodyBytes})`);
  }
  if (flagFaults.length > 0) throw usageError(flagFaults);
  if (faults.length > 0) throw configurationError(faults);
  return config;
}

/** Kubernetes sets the first in every Pod, Knative the second in every function. */
export function insideCluster(environment: Environment): boolean {
  return Boolean(environment['KUBERNETES_SERVICE_HOST'] || environment['K_SERVICE']);
}

function usageError(faults: readonly string[]): LedgerError {
  return new LedgerError('usage', {
    operation: 'reading',
    subject: 'the options',
    fact: faults.join('; '),
    remedy: 'correct the command line',
  });
}

function configurationError(faults: readonly string[]): LedgerError {
  return new LedgerError('configuration', {
    operation: 'reading',
    subject: 'the configuration',
    fact: faults.join('; '),
    remedy: 'correct the environment and start again',
  });
}
