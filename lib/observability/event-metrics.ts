import type { EventMetrics, EventOutcome } from './metrics.ts';
import { createCounter, createDurations, createGauge, type OwnMetric } from './own-metrics.ts';

export function createEventMetrics(): { readonly own: readonly OwnMetric[] } & EventMetrics {
  const events = createCounter<EventOutcome>(
    { name: 'restart_ledger_events_total', help: 'CloudEvents, by outcome.' },
    'outcome',
    ['recorded', 'nothing-to-record', 'ignored', 'maintained'],
  );
  const eventSeconds = createDurations({
    name: 'restart_ledger_event_duration_seconds',
    help: 'From the arrival of an event to its answer.',
  });
  let requestsInFlight = 0;
  const inFlight = createGauge(
    {
      name: 'restart_ledger_events_in_flight',
      help: 'Requests that have arrived and have not been answered.',
    },
    () => requestsInFlight,
  );
  return {
    own: [events, eventSeconds, inFlight],
    eventHandled(outcome, seconds) {
      events.inc(outcome);
      eventSeconds.observe(seconds);
    },
    inFlight(requests) {
      requestsInFlight = requests;
    },
  };
}
