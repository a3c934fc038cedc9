import type { EventMetrics, EventOutcome } from './metrics.ts';
import { Counter, durationBuckets, Gauge, Histogram, type Registry } from './prometheus-client.ts';

export function createEventMetrics(registry: Registry): EventMetrics {
  const registers = [registry];
  const events = new Counter({
    name: 'restart_ledger_events_total',
    help: 'CloudEvents, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const eventSeconds = new Histogram({
    name: 'restart_ledger_event_duration_seconds',
    help: 'From the arrival of an event to its answer.',
    buckets: durationBuckets,
    registers,
  });
  let requestsInFlight = 0;
  new Gauge({
    name: 'restart_ledger_events_in_flight',
    help: 'Requests that have arrived and have not been answered.',
    registers,
    collect() {
      this.set(requestsInFlight);
    },
  });
  /** The labelled counters, which saves the look-up for each event. */
  const ofOutcome = new Map<EventOutcome, ReturnType<typeof events.labels>>();
  for (const outcome of ['recorded', 'nothing-to-record', 'ignored', 'maintained'])
    events.inc({ outcome }, 0);

  return {
    eventHandled(outcome, seconds) {
      const counted = ofOutcome.get(outcome) ?? events.labels(outcome);
      ofOutcome.set(outcome, counted);
      counted.inc();
      eventSeconds.observe(seconds);
    },
    inFlight(requests) {
      requestsInFlight = requests;
    },
  };
}
