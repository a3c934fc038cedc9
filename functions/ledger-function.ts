import type { CloudEventV1 } from 'cloudevents';
import type { Config } from '../lib/config.ts';
import { LedgerError } from '../lib/errors.ts';
import { readCloudEvent } from '../lib/events/cloud-event.ts';
import { createPushgateway } from '../lib/gateway/pushgateway.ts';
import { type HttpAnswer, problemAnswer } from '../lib/problem.ts';
import { createRecordRestarts, type RecordRestarts } from '../lib/record-restarts.ts';
import type { EventOutcome, FunctionMetrics } from '../lib/telemetry/function-metrics.ts';
import { failureFields, type Log } from '../lib/telemetry/log.ts';
import { inSpan, inTraceOf } from '../lib/telemetry/spans.ts';
import { recordPodEvent } from './record.ts';

/** What a host hands to the function beside the event: at least a log that writes one line a call. */
export interface FunctionContext {
  readonly log: Log;
}

export interface LedgerFunction {
  /**
   * Resolves with `undefined` when the event is acknowledged (204), else with the problem to answer. Never
   * rejects. Events are handled independently: any number at once, in any order, each as often as it comes.
   */
  handle(context: FunctionContext, event: unknown): Promise<HttpAnswer | undefined>;
  /** Lets the pushes under way end, then closes the connections. */
  shutdown(): Promise<void>;
}

export interface LedgerFunctionDependencies {
  readonly config: Pick<Config, 'families' | 'grouping' | 'pushgateway'>;
  readonly metrics: FunctionMetrics;
  /** Seconds of a clock that never goes back. */
  readonly now: () => number;
}

/** @throws LedgerError `configuration` when there is no Pushgateway to record into. */
export function createLedgerFunction({ config, metrics, now }: LedgerFunctionDependencies): LedgerFunction {
  const { url, timeoutMilliseconds, connections } = config.pushgateway;
  if (url === undefined) throw noPushgateway();
  const gateway = createPushgateway({ url, timeoutMilliseconds, connections });
  const { families, grouping } = config;
  const recordRestarts = createRecordRestarts({ gateway, families, grouping, metrics, now });

  return {
    async handle({ log }, candidate) {
      const start = now();
      let outcome: EventOutcome = 'failed';
      try {
        const event = readCloudEvent(candidate);
        outcome = await inTraceOf(event, () =>
          inSpan('handle', { 'cloudevents.event_id': event.id, 'cloudevents.event_type': event.type }, () =>
            route(event, recordRestarts, log),
          ),
        );
        return undefined;
      } catch (error) {
        if (error instanceof LedgerError) outcome = error.kind;
        const answer = problemAnswer(error);
        const fields = { status: answer.statusCode, ...failureFields(error) };
        if (answer.statusCode >= 500) log.error(fields, 'an event was not recorded');
        else log.warn(fields, 'an event was refused');
        return answer;
      } finally {
        metrics.eventHandled(outcome, now() - start);
      }
    },
    shutdown: () => gateway.close(),
  };
}

async function route(
  event: CloudEventV1<unknown>,
  recordRestarts: RecordRestarts,
  log: Log,
): Promise<EventOutcome> {
  const fields = { event: event.id, type: event.type, subject: event.subject };
  switch (event.type) {
    case 'dev.knative.apiserver.resource.add':
    case 'dev.knative.apiserver.resource.update':
    case 'dev.knative.apiserver.resource.delete': {
      const restarts = await recordPodEvent(event, recordRestarts);
      if (restarts === undefined) return 'ignored';
      if (restarts.length === 0) return 'nothing-to-record';
      log.info({ ...fields, restarts: restarts.length }, 'recorded');
      return 'recorded';
    }
    case 'dev.knative.apiserver.ref.delete':
      return 'nothing-to-record';
    case 'dev.knative.apiserver.ref.add':
    case 'dev.knative.apiserver.ref.update':
      log.warn(fields, 'acknowledged without a record: references are not followed yet, use mode Resource');
      return 'deferred';
    case 'dev.knative.sources.ping':
      log.warn(fields, 'acknowledged without work: reconcile and sweep are not there yet');
      return 'deferred';
    default:
      log.debug(fields, 'ignored: none of the types that are recorded');
      return 'ignored';
  }
}

function noPushgateway(): LedgerError {
  return new LedgerError('configuration', {
    operation: 'starting',
    subject: 'the function',
    fact: 'PUSHGATEWAY_URL is not set',
    remedy: 'set it to the base URL of a Pushgateway, or run npm start, which brings an embedded one',
  });
}
