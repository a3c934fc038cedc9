import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFunctionMetrics } from '../../lib/observability/function-metrics.ts';

test('the help texts say what the metrics count', async () => {
  const metrics = createFunctionMetrics();
  metrics.inFlight(2);
  metrics.eventHandled('recorded', 0.25);
  metrics.eventHandled('invalid-input', 0.5);
  metrics.pushFinished('accepted', 0.25);
  metrics.pushFinished('accepted', 0.25);
  metrics.pushFinished('unavailable', 5);
  const lines = (await metrics.exposition()).split('\n').filter((line) => line.includes('restart_ledger_'));
  assert.deepEqual(
    lines.filter((line) => !line.includes('_bucket{')),
    [
      '# HELP restart_ledger_events_total CloudEvents, by outcome.',
      '# TYPE restart_ledger_events_total counter',
      'restart_ledger_events_total{outcome="recorded"} 1',
      'restart_ledger_events_total{outcome="nothing-to-record"} 0',
      'restart_ledger_events_total{outcome="ignored"} 0',
      'restart_ledger_events_total{outcome="maintained"} 0',
      'restart_ledger_events_total{outcome="invalid-input"} 1',
      '# HELP restart_ledger_event_duration_seconds From the arrival of an event to its answer.',
      '# TYPE restart_ledger_event_duration_seconds histogram',
      'restart_ledger_event_duration_seconds_sum 0.75',
      'restart_ledger_event_duration_seconds_count 2',
      '# HELP restart_ledger_events_in_flight Requests that have arrived and have not been answered.',
      '# TYPE restart_ledger_events_in_flight gauge',
      'restart_ledger_events_in_flight 2',
      '# HELP restart_ledger_pushes_total Pushes of records, by result; a restart that is pushed twice counts twice.',
      '# TYPE restart_ledger_pushes_total counter',
      'restart_ledger_pushes_total{result="accepted"} 2',
      'restart_ledger_pushes_total{result="refused"} 0',
      'restart_ledger_pushes_total{result="unavailable"} 1',
      '# HELP restart_ledger_push_duration_seconds From the start of a push to the end of its answer.',
      '# TYPE restart_ledger_push_duration_seconds histogram',
      'restart_ledger_push_duration_seconds_sum 5.5',
      'restart_ledger_push_duration_seconds_count 3',
    ],
  );
});
