import type { ErrorKind } from '../errors.ts';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from './prometheus-client.ts';

/** What became of an event: acknowledged in one of five ways, or the kind of error that it was refused with. */
export type EventOutcome =
  | 'recorded'
  | 'nothing-to-record'
  | 'ignored'
  | 'maintained'
  | 'kept'
  | 'failed'
  | ErrorKind;

export type PushResult = 'accepted' | 'refused' | 'unavailable';

/** The function's own metrics. They count what this process did; the record itself never depends on them. */
export interface FunctionMetrics {
  eventHandled(outcome: EventOutcome, seconds: number): void;
  restartsRecorded(count: number): void;
  pushFinished(result: PushResult, seconds: number): void;
  inFlight(events: number): void;
  /** In the Prometheus text format, with the process's own metrics. */
  exposition(): Promise<string>;
  readonly contentType: string;
}

export function createFunctionMetrics(registry = new Registry()): FunctionMetrics {
  const registers = [registry];
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const events = new Counter({
    name: 'restart_ledger_events_total',
    help: 'CloudEvents, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const eventSeconds = new Histogram({
    name: 'restart_ledger_event_duration_seconds',
    help: 'From the arrival of an event to its answer.',
    buckets,
    registers,
  });
  const restarts = new Counter({
    name: 'restart_ledger_restarts_recorded_total',
    help: 'Restarts that the gateway has accepted; one that is recorded twice counts twice.',
    registers,
  });
  const pushes = new Counter({
    name: 'restart_ledger_pushes_total',
    help: 'Pushes to the gateway, by result.',
    labelNames: ['result'],
    registers,
  });
  const pushSeconds = new Histogram({
    name: 'restart_ledger_push_duration_seconds',
    help: 'From the start of a push to the end of its answer.',
    buckets,
    registers,
  });
  let eventsInFlight = 0;
  new Gauge({
    name: 'restart_ledger_events_in_flight',
    help: 'Requests that have arrived and have not been answered.',
    registers,
    collect() {
      this.set(eventsInFlight);
    },
  });
  /** The labelled counters, so that an event need not look its labels up. */
  const ofOutcome = new Map<EventOutcome, ReturnType<typeof events.labels>>();
  for (const outcome of ['recorded', 'nothing-to-record', 'ignored', 'maintained'])
    events.inc({ outcome }, 0);
  for (const result of ['accepted', 'refused', 'unavailable']) pushes.inc({ result }, 0);
  collectDefaultMetrics({ register: registry });

  return {
    eventHandled(outcome, seconds) {
      const counted = ofOutcome.get(outcome) ?? events.labels(outcome);
      ofOutcome.set(outcome, counted);
      counted.inc();
      eventSeconds.observe(seconds);
    },
    restartsRecorded: (count) => restarts.inc(count),
    pushFinished(result, seconds) {
      pushes.inc({ result });
      pushSeconds.observe(seconds);
    },
    inFlight(count) {
      eventsInFlight = count;
    },
    exposition: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
