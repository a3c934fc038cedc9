import {
  type Attributes,
  context,
  ProxyTracerProvider,
  propagation,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { CloudEventV1 } from 'cloudevents';
import { reasonOf } from '../errors.ts';

const tracer = trace.getTracer('restart-ledger');

/** Whether an OpenTelemetry SDK has been loaded, which may also happen later. */
export function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('') !== undefined;
}

/**
 * Does the work inside a span; a failure is set on it and rethrown. Without an OpenTelemetry SDK there is
 * no span, and nothing is asked for its attributes.
 */
export function inSpan<T>(
  name: string,
  attributes: () => Attributes,
  work: () => T | Promise<T>,
): T | Promise<T> {
  return isTraced() ? tracedWork(name, attributes(), work) : work();
}

async function tracedWork<T>(name: string, attributes: Attributes, work: () => T | Promise<T>): Promise<T> {
  return await tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * Does the work as a part of the trace that the event's distributed tracing extension names.
 * Source: https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/distributed-tracing.md
 */
export function inTraceOf<T>(event: CloudEventV1<unknown>, work: () => T): T {
  const { traceparent, tracestate } = event;
  if (typeof traceparent !== 'string' || !isTraced()) return work();
  const carrier = { traceparent, ...(typeof tracestate === 'string' && { tracestate }) };
  return context.with(propagation.extract(context.active(), carrier), work);
}

/**
 * The active span as CloudEvents attributes of the same extension, so that whoever handles the event continues its trace;
 * none where there is no span.
 */
export function traceExtensions(): Readonly<Record<string, string>> {
  const carrier: Record<string, string> = {};
  if (isTraced()) propagation.inject(context.active(), carrier);
  return carrier;
}
