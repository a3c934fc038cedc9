import { type AccessSettingTable, accessSettingTable, type ServerPrefix } from './access-settings.ts';
import { clusterSettings } from './cluster-settings.ts';
import { recordSettings } from './record-settings.ts';
import { retentionSettings } from './retention-settings.ts';
import { serverSettings } from './server-settings.ts';
import type { Setting } from './setting.ts';
import { address, oneOf } from './setting-forms.ts';
import { sinkSettings } from './sink-settings.ts';
import { tracingSettings } from './tracing-settings.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting with its meaning and its default, in the order of docs/configuration.md; a table for each topic. */
export const settings = {
  ...recordSettings,
  ...serverSettings,
  ...retentionSettings,
  ...clusterSettings,
  ...sinkSettings,
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
