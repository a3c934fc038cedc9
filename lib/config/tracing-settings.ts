import type { Setting } from './setting.ts';
import { anyHttpUrl, oneOf, text, wholeNumber, withScheme } from './setting-forms.ts';

const protocols = ['http/protobuf', 'http/json'] as const;

/**
 * The settings of the spans' way out, by the names of the OpenTelemetry specification. Its other variables are read by the
 * OpenTelemetry SDK itself.
 *
 * Sources: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export const tracingSettings = {
  endpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    summary:
      'Base URL of an OpenTelemetry collector, `http://collector:4318`. Where set, `npm start` and `watch` export spans to `v1/traces` below it ([traces](operations.md#traces)).',
    form: 'an http or https URL',
    parse: anyHttpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
  tracesEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    summary: 'The whole URL that spans are exported to, in place of `OTEL_EXPORTER_OTLP_ENDPOINT`.',
    form: 'an http or https URL',
    parse: anyHttpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
  protocol: {
    name: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    summary:
      'How spans are encoded; `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL` overrides it. `grpc` is not supported: collectors take HTTP at port 4318.',
    form: protocols.join(' or '),
    parse: oneOf(...protocols),
    fallback: 'http/protobuf',
    secret: false,
  },
  timeout: {
    name: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    summary:
      'Time limit of one export in milliseconds, its retries included; `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT` overrides it. The end of the process waits for the last one.',
    form: 'a whole number from 1 to 600000',
    parse: wholeNumber(1, 600_000),
    fallback: '3000',
    secret: false,
  },
  exporter: {
    name: 'OTEL_TRACES_EXPORTER',
    summary: 'With `none` no spans are exported.',
    form: 'otlp or none',
    parse: oneOf('otlp', 'none'),
    fallback: 'otlp',
    secret: false,
  },
  disabled: {
    name: 'OTEL_SDK_DISABLED',
    summary: 'With `true` no spans are exported.',
    form: 'true or false',
    parse: text,
    fallback: 'false',
    secret: false,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;
