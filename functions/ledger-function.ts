import type { CloudEventV1 } from 'cloudevents';
import { readCloudEvent } from '../lib/cloudevents/cloud-event.ts';
import { eventData } from '../lib/cloudevents/event-data.ts';
import { readTasks } from '../lib/cloudevents/task.ts';
import type { Config } from '../lib/config.ts';
import { LedgerError } from '../lib/errors.ts';
import { type HttpAnswer, problemAnswer } from '../lib/http/problem.ts';
import type { Cluster } from '../lib/kubernetes/api/cluster.ts';
import { createRecordRestarts } from '../lib/ledger/record-restarts.ts';
import type { EventOutcome, FunctionMetrics } from '../lib/observability/function-metrics.ts';
import { failureFields, type Log } from '../lib/observability/log.ts';
import { inSpan, inTraceOf } from '../lib/observability/spans.ts';
import { createPushgateway, type Pushgateway } from '../lib/pushgateway/pushgateway.ts';
import type { Restart } from '../lib/restarts/restart.ts';
import { type Recording, recordPodEvent } from './record.ts';

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
  readonly config: Omit<Config, 'server' | 'sink' | 'embeddedGateway' | 'logLevel'>;
  readonly metrics: FunctionMetrics;
  /** Seconds of a clock that never goes back. */
  readonly now: () => number;
  /** Unix seconds. */
  readonly clock: () => number;
}

/** @throws LedgerError `configuration` when there is no Pushgateway to record into. */
export function createLedgerFunction({
  config,
  metrics,
  now,
  clock,
}: LedgerFunctionDependencies): LedgerFunction {
  const { url, timeoutMilliseconds, connections } = config.pushgateway;
  if (url === undefined) throw noPushgateway();
  const gateway = createPushgateway({ url, timeoutMilliseconds, connections });
  const { families, grouping, retention } = config;
  const recordRestarts = createRecordRestarts({ gateway, families, grouping, metrics, now });
  const recording: Recording = { recordRestarts, retention, clock };
  const work: Work = { config, gateway, recording, cluster: openedOnce(config.cluster) };

  return {
    async handle({ log }, candidate) {
      const start = now();
      let outcome: EventOutcome = 'failed';
      try {
        const event = readCloudEvent(candidate);
        outcome = await inTraceOf(event, () =>
          inSpan('handle', { 'cloudevents.event_id': event.id, 'cloudevents.event_type': event.type }, () =>
            route(event, work, log),
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

interface Work {
  readonly config: LedgerFunctionDependencies['config'];
  readonly gateway: Pushgateway;
  readonly recording: Recording;
  readonly cluster: () => Promise<Cluster>;
}

/** Opened at the first use: most functions never talk to the API server. */
function openedOnce(config: Config['cluster']): () => Promise<Cluster> {
  let cluster: Promise<Cluster> | undefined;
  return () => {
    cluster ??= import('../lib/kubernetes/api/cluster.ts').then(({ openCluster }) => openCluster(config));
    return cluster;
  };
}

async function route(event: CloudEventV1<unknown>, work: Work, log: Log): Promise<EventOutcome> {
  switch (event.type) {
    case 'dev.knative.apiserver.resource.add':
    case 'dev.knative.apiserver.resource.update':
    case 'dev.knative.apiserver.resource.delete':
      return recordingOutcome(event, await recordPodEvent(event, work.recording), log);
    case 'dev.knative.apiserver.ref.add':
    case 'dev.knative.apiserver.ref.update': {
      const { recordReference } = await import('./record-reference.ts');
      const restarts = await recordReference(event, await work.cluster(), work.recording);
      return recordingOutcome(event, restarts, log);
    }
    case 'dev.knative.apiserver.ref.delete':
      return 'nothing-to-record';
    case 'dev.knative.sources.ping':
      await doTasks(event, work, log);
      return 'maintained';
    default:
      log.debug(logFields(event), 'ignored: none of the types that are recorded');
      return 'ignored';
  }
}

/** @param restarts What has been recorded; `undefined` for an object that is no Pod. */
function recordingOutcome(
  event: CloudEventV1<unknown>,
  restarts: readonly Restart[] | undefined,
  log: Log,
): EventOutcome {
  if (restarts === undefined) return 'ignored';
  if (restarts.length === 0) return 'nothing-to-record';
  log.info({ ...logFields(event), restarts: restarts.length }, 'recorded');
  return 'recorded';
}

function logFields({ id, type, subject }: CloudEventV1<unknown>): object {
  return { event: id, type, subject };
}

async function doTasks(event: CloudEventV1<unknown>, work: Work, log: Log): Promise<void> {
  const { config, gateway, recording } = work;
  for (const task of readTasks(eventData(event))) {
    if (task === 'reconcile') {
      const { reconcile } = await import('./reconcile.ts');
      await reconcile(await work.cluster(), gateway, config, recording, log);
    } else {
      const { sweep } = await import('./sweep.ts');
      await sweep(gateway, config, recording.clock, log);
    }
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
