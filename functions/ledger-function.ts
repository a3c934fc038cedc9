import type { CloudEventV1 } from 'cloudevents';
import { readCloudEvent } from '../lib/cloudevents/cloud-event.ts';
import { eventData } from '../lib/cloudevents/event-data.ts';
import { readTasks } from '../lib/cloudevents/task.ts';
import type { Config } from '../lib/config.ts';
import { type ErrorKind, isRetryable, LedgerError } from '../lib/errors.ts';
import { type HttpAnswer, problemAnswer } from '../lib/http/problem.ts';
import type { Cluster } from '../lib/kubernetes/api/cluster.ts';
import type { Ledger } from '../lib/ledger/open-ledger.ts';
import { failureFields, type Log, restartFields } from '../lib/observability/log.ts';
import type { EventMetrics, EventOutcome } from '../lib/observability/metrics.ts';
import { createOutageLog, type OutageLog } from '../lib/observability/outage-log.ts';
import { eventAttributes } from '../lib/observability/span-attributes.ts';
import { inSpan, inTraceOf } from '../lib/observability/spans.ts';
import type { FunctionContext } from './function-context.ts';
import type { Maintain } from './maintain.ts';
import { type Recorded, type Recording, recordPodEvent } from './record-pod.ts';

export interface LedgerFunction {
  /**
   * Resolves with `undefined` when the event is acknowledged (204), else with the problem to answer. Never
   * rejects. Events are handled independently: any number at once, in any order, at least once each.
   */
  handle(context: FunctionContext, event: unknown): Promise<HttpAnswer | undefined>;
  /** Lets the pushes under way end, then closes the connections. */
  shutdown(): Promise<void>;
}

export interface LedgerFunctionDependencies {
  readonly ledger: Ledger;
  readonly config: Pick<Config, 'cluster' | 'retention'>;
  /** Default: nothing is counted. */
  readonly metrics?: Pick<EventMetrics, 'eventHandled'>;
  /** Unix seconds; decides about retention and nothing else. */
  readonly nowSeconds: () => number;
}

/** The function, which records into a ledger; shutting it down closes the ledger. */
export function createLedgerFunction(dependencies: LedgerFunctionDependencies): LedgerFunction {
  const { ledger, config, metrics, nowSeconds } = dependencies;
  const outages = createOutageLog<ErrorKind>(
    () => performance.now(),
    'answering 503 until it is available again',
  );
  const openCluster = once(async () => {
    const { openCluster } = await import('../lib/kubernetes/api/cluster.ts');
    return openCluster(config.cluster);
  });
  const work: Work = {
    recording: { recordRestarts: ledger.recordRestarts, retention: config.retention, nowSeconds },
    openCluster,
    openMaintenance: once(async () => {
      const { createMaintenance } = await import('./maintain.ts');
      return createMaintenance(ledger, openCluster);
    }),
    outages,
  };

  return {
    async handle({ log, onRefused }, candidate) {
      const start = performance.now();
      let outcome: EventOutcome = 'failed';
      try {
        const event = readCloudEvent(candidate);
        const handled = await inTraceOf(event, () =>
          inSpan(
            'handle',
            () => eventAttributes(event),
            () => route(event, work, log),
          ),
        );
        outcome = typeof handled === 'string' ? handled : recordingOutcome(event, handled, work.outages, log);
        return undefined;
      } catch (error) {
        if (error instanceof LedgerError) outcome = error.kind;
        const answer = problemAnswer(error);
        const fields = { status: answer.statusCode, ...failureFields(error) };
        if (isRetryable(error)) outages.failed(log, error.kind, error);
        else if (onRefused !== undefined) onRefused(error);
        else if (answer.statusCode >= 500) log.error(fields, 'an event was not recorded');
        else log.warn(fields, 'an event was refused');
        return answer;
      } finally {
        metrics?.eventHandled(outcome, (performance.now() - start) / 1000);
      }
    },
    shutdown: () => ledger.close(),
  };
}

interface Work {
  readonly recording: Recording;
  readonly openCluster: () => Promise<Cluster>;
  readonly openMaintenance: () => Promise<Maintain>;
  readonly outages: OutageLog<ErrorKind>;
}

/** Opens with the first use: most functions never need the API server. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

/** What became of an event: its outcome, or what was recorded of the object that it is about. */
type Handled = EventOutcome | Recorded | undefined;

function route(event: CloudEventV1<unknown>, work: Work, log: Log): Promise<Handled> | Handled {
  switch (event.type) {
    case 'dev.knative.apiserver.resource.add':
    case 'dev.knative.apiserver.resource.update':
    case 'dev.knative.apiserver.resource.delete':
      return recordPodEvent(event, work.recording);
    case 'dev.knative.apiserver.ref.add':
    case 'dev.knative.apiserver.ref.update':
      return recordReferenceEvent(event, work, log);
    case 'dev.knative.apiserver.ref.delete':
      return 'nothing-to-record';
    case 'dev.knative.sources.ping':
      return maintain(event, work, log);
    default:
      log.debug({ event: event.id, type: event.type }, 'ignored: an unsupported event type');
      return 'ignored';
  }
}

async function recordReferenceEvent(event: CloudEventV1<unknown>, work: Work, log: Log): Promise<Handled> {
  const { recordReference } = await import('./record-reference.ts');
  const recorded = await recordReference(event, await work.openCluster(), work.recording);
  work.outages.succeeded(log, 'cluster-unavailable');
  return recorded;
}

async function maintain(event: CloudEventV1<unknown>, work: Work, log: Log): Promise<EventOutcome> {
  const perform = await work.openMaintenance();
  const tasks = readTasks(eventData(event));
  await perform(tasks, log);
  work.outages.succeeded(log, 'gateway-unavailable');
  if (tasks.includes('reconcile')) work.outages.succeeded(log, 'cluster-unavailable');
  if (tasks.includes('sweep')) work.outages.succeeded(log, 'prometheus-unavailable');
  return 'maintained';
}

/** @param recorded `undefined` for an object that is not a Pod. */
function recordingOutcome(
  { id }: CloudEventV1<unknown>,
  recorded: Recorded | undefined,
  outages: OutageLog<ErrorKind>,
  log: Log,
): EventOutcome {
  if (recorded === undefined) return 'ignored';
  const { kept, expired } = recorded;
  if (expired.length > 0) log.info({ event: id, restarts: expired.length }, 'past retention: not recorded');
  if (kept.length === 0) return 'nothing-to-record';
  outages.succeeded(log, 'gateway-unavailable');
  for (const restart of kept) log.info({ event: id, ...restartFields(restart) }, 'recorded');
  return 'recorded';
}
