import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { bareUrl } from '../bare-url.ts';
import type { TracingConfig } from '../config/tracing.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import { version } from '../manifest.ts';
import type { Log } from './log.ts';
import { createOutageLog } from './outage-log.ts';

/** The spans' way out of the process. */
export interface Tracing {
  /** Exports the spans that have ended, within the time limit of one export; those that cannot be are lost. */
  close(): Promise<void>;
}

/**
 * Makes an OpenTelemetry SDK the process's one: spans are exported in batches, in the background. While the collector is away
 * they wait in a bounded queue, then they are dropped.
 *
 * Endpoint, protocol and time limit are arguments; resource, sampler, headers, compression, certificates and queue are as
 * the `OTEL_*` variables say, which the SDK reads by itself.
 */
export function startTracing(config: TracingConfig, log: Log): Tracing {
  const quiet = (message: string) => log.debug({ reason: message }, 'OpenTelemetry');
  diag.setLogger({ error: quiet, warn: quiet, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'restart-ledger', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(withOutageLog(exporterOf(config), config.url, log))],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    async close() {
      try {
        await provider.shutdown();
      } catch {
        // Logged as the outage that it is.
      }
    },
  };
}

function exporterOf({ url, protocol, timeoutMilliseconds }: TracingConfig): SpanExporter {
  const options = { url: url.href, timeoutMillis: timeoutMilliseconds };
  return protocol === 'http/json' ? new JsonExporter(options) : new ProtobufExporter(options);
}

/** One line when exports begin to fail and one when they succeed again. */
function withOutageLog(exporter: SpanExporter, url: URL, log: Log): SpanExporter {
  const outages = createOutageLog<'collector'>(() => performance.now(), 'spans are dropped meanwhile');
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code === ExportResultCode.SUCCESS) outages.succeeded(log, 'collector');
        else outages.failed(log, 'collector', notExported(url, result.error));
        done(result);
      }),
    forceFlush: async () => await exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

function notExported(url: URL, cause: Error | undefined): LedgerError {
  const fact = reasonOf(cause ?? 'no reason given') || 'no reason given';
  const remedy = 'check OTEL_EXPORTER_OTLP_ENDPOINT and that the collector runs';
  const parts = { operation: 'exporting spans to', subject: bareUrl(url), fact, remedy };
  return new LedgerError('sink-unavailable', parts, { cause });
}
