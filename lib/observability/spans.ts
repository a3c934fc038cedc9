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
 * Does the work inside a span, which ends when the work has, or the promise that it returned; a failure is set on it.
 * Without an OpenTelemetry SDK there is no span, and nothing is asked for its attributes.
 */
export function inSpan<T>(name: string, attributes: () => Attributes, work: () => T): T {
  return isTraced() ? tracedWork(name, attributes(), work) : work();
}

function tracedWork<T>(name: string, attributes: Attributes, work: () => T): T {
  return tracer.startActiveSpan(name, { attributes }, (span) => {
    const end = () => span.end();
    const fail = (error: unknown) => {
      span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(error) });
      span.end();
    };
    try {
      const result = work();
      if (result instanceof Promise) result.then(end, fail);
      else end();
      return result;
    } catch (error) {
      fail(error);
      throw error;
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
