import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import * as expressions from './expressions.ts';
import { datasource, overTime, type Query } from './query.ts';
import { stat } from './stat.ts';
import { table } from './table.ts';

const letters = 'ABC';

/** Lines over the shown range, in a third of the width. */
function lines(
  title: string,
  description: string,
  unit: string,
  queries: readonly Query[],
): TimeSeriesBuilder {
  const panel = new TimeSeriesBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .height(8)
    .span(8)
    .unit(unit)
    .min(0);
  for (const [index, query] of queries.entries())
    panel.withTarget(overTime({ ...query, refId: letters.charAt(index) }));
  return panel;
}

export const missed = table({
  title: 'Missed restarts by container',
  description: 'Restarts that the kubelet has counted and that are not on record.',
  expression: expressions.missedByContainer,
  columns: [
    { field: 'namespace', title: 'Namespace' },
    { field: 'pod', title: 'Pod' },
    { field: 'container', title: 'Container' },
    { field: 'Value', title: 'Missed' },
  ],
  sortedBy: 'Missed',
  height: 8,
  width: 24,
});

const eventDuration = 'restart_ledger_event_duration_seconds';
const pushDuration = 'restart_ledger_push_duration_seconds';

export const functionHealth = [
  lines('Events', 'CloudEvents by outcome.', 'reqps', [
    {
      expression: expressions.rateBy('outcome', 'restart_ledger_events_total'),
      legend: '{{outcome}}',
    },
  ]),
  lines('Pushes', 'Pushes to the gateway by result. Every result but accepted is a failure.', 'reqps', [
    { expression: expressions.rateBy('result', 'restart_ledger_pushes_total'), legend: '{{result}}' },
  ]),
  lines('Durations', 'Of an event, up to its response, and of a push.', 's', [
    { expression: expressions.quantile(0.5, eventDuration), legend: 'event, median' },
    { expression: expressions.quantile(0.99, eventDuration), legend: 'event, 99 %' },
    { expression: expressions.quantile(0.99, pushDuration), legend: 'push, 99 %' },
  ]),
  lines('Events in flight', 'One more than MAX_IN_FLIGHT is answered 503.', 'short', [
    { expression: expressions.eventsInFlight, legend: 'in flight' },
  ]),
  lines('Memory of the function', 'Resident memory by instance.', 'bytes', [
    { expression: expressions.memoryOf('restart_ledger_events_in_flight'), legend: '{{instance}}' },
  ]),
];

/** Beyond this many groups, a gateway that checks each push for consistency takes 20 pushes a second. */
const groupsThatCanBeChecked = 3000;

export const gatewayHealth = [
  stat(
    'Groups stored',
    'A restart is a group. Beyond 3,000, start the gateway with --push.disable-consistency-check, or sweep earlier.',
    expressions.storedGroups,
  )
    .span(12)
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: 'green' },
        { value: groupsThatCanBeChecked, color: 'orange' },
      ]),
    ),
  stat(
    'Groups whose last push failed',
    'The gateway refused the last push to them.',
    expressions.failingGroups,
  )
    .span(12)
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: 'green' },
        { value: 1, color: 'red' },
      ]),
    ),
];

export const gatewayLines = [
  lines(
    'Requests to the gateway',
    'By handler and status. A push is answered 200 with the consistency check, 202 without it.',
    'reqps',
    [
      {
        expression: expressions.rateBy('handler, code', 'pushgateway_http_requests_total'),
        legend: '{{handler}} {{code}}',
      },
    ],
  ),
  lines('Duration of a push', 'The mean, as the gateway measures it.', 's', [
    { expression: expressions.meanPushDuration, legend: 'mean' },
  ]),
  lines('Memory of the gateway', 'Resident memory by instance.', 'bytes', [
    { expression: expressions.memoryOf('pushgateway_build_info'), legend: '{{instance}}' },
  ]),
];
