import { LedgerError } from '../errors.ts';
import type { Setting } from './setting.ts';
import { createSettingReader, type Environment } from './setting-reader.ts';
import { tracingSettings } from './tracing-settings.ts';

/** Where and how spans are exported. */
export interface TracingConfig {
  /** The whole URL. */
  readonly url: URL;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly timeoutMilliseconds: number;
}

/**
 * Where the environment has spans exported to; `undefined` where nowhere.
 *
 * @throws LedgerError `configuration` that names every variable that cannot be used. Where spans are not exported,
 * none is looked at: the variables of another program's exporter may be in the environment of a command line.
 */
export function readTracing(environment: Environment): TracingConfig | undefined {
  const { optional, faults } = createSettingReader(environment);
  const overridden = <T>(setting: Setting<T>, name: string): Setting<T> =>
    environment[name] ? { ...setting, name } : setting;

  const { endpoint, tracesEndpoint, protocol, timeout, exporter, disabled } = tracingSettings;
  const isOff = environment[disabled.name]?.trim().toLowerCase() === 'true';
  const hasEndpoint = Boolean(environment[endpoint.name] || environment[tracesEndpoint.name]);
  if (isOff || !hasEndpoint || optional(exporter) === 'none') return undefined;
  const url = optional(tracesEndpoint) ?? below(optional(endpoint));
  const config = {
    url,
    protocol: optional(overridden(protocol, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL')),
    timeoutMilliseconds: optional(overridden(timeout, 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT')),
  };
  if (faults.length === 0 && isComplete(config)) return config;
  throw new LedgerError('configuration', {
    operation: 'reading',
    subject: 'the configuration of the traces',
    fact: faults.join('; '),
    remedy: 'correct the environment, or set OTEL_SDK_DISABLED=true, and start again',
  });
}

/** Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp */
function below(base: URL | undefined): URL | undefined {
  if (base === undefined) return undefined;
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/*$/, '')}/v1/traces`;
  return url;
}

type Parts = { readonly [Name in keyof TracingConfig]: TracingConfig[Name] | undefined };

function isComplete(parts: Parts): parts is TracingConfig {
  return Object.values(parts).every((part) => part !== undefined);
}
