import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarAlignment,
  GraphDrawStyle,
  StackingConfigBuilder,
  StackingMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import * as expressions from './expressions.ts';
import { everythingOfPod, narrowedBy } from './links.ts';
import { asBuckets, atEnd, datasource, overTime } from './query.ts';
import { stat } from './stat.ts';
import { type Column, table } from './table.ts';

const containerColumns: readonly Column[] = [
  { field: 'namespace', title: 'Namespace', link: narrowedBy('namespace') },
  { field: 'pod', title: 'Pod', link: everythingOfPod },
  { field: 'container', title: 'Container' },
];

const ended: Column = { field: 'Value', title: 'Ended', unit: 'dateTimeAsIso' };

function bars(title: string, description: string): BarGaugeBuilder {
  return new BarGaugeBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .orientation(VizOrientation.Horizontal)
    .height(9)
    .min(0);
}

export const overview = [
  stat('Restarts', 'Restarts that happened in the shown range.', expressions.restarts),
  stat('Restarted containers', 'Containers that restarted at least once.', expressions.restartedContainers),
  stat('OOM kills', 'Containers that were OOM-killed, whichever reason is selected.', expressions.oomKills),
  stat(
    'Missed restarts',
    'Restarts that the kubelet has counted and that are not on record, those before restart-ledger was installed included.',
    expressions.missedRestarts,
  ),
];

export const timeline = new TimeSeriesBuilder()
  .title('Restarts by reason')
  .description('Each restart at the time at which its container ended, however late it was recorded.')
  .datasource(datasource)
  .height(9)
  .span(24)
  .drawStyle(GraphDrawStyle.Bars)
  .barAlignment(BarAlignment.Before)
  .fillOpacity(70)
  .lineWidth(0)
  .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
  .decimals(0)
  .min(0)
  .interval('1m')
  .withTarget(overTime({ expression: expressions.restartsByReason, legend: '{{reason}}' }));

export const rankings = [
  bars('Top workloads', 'The ten Deployments, StatefulSets, … whose containers restarted most often.')
    .span(8)
    .withTarget(
      atEnd({
        expression: expressions.topWorkloads,
        legend: '{{namespace}}/{{workload}} ({{workload_type}})',
      }),
    ),
  bars('Top containers', 'The ten containers that restarted most often.')
    .span(9)
    .withTarget(
      atEnd({ expression: expressions.topContainers, legend: '{{namespace}}/{{pod}}: {{container}}' }),
    ),
  bars('Exit codes', 'Restarts by exit code. 137 is SIGKILL, 143 SIGTERM; neither means out of memory.')
    .span(7)
    .withTarget(atEnd({ expression: expressions.restartsByExitCode, legend: '{{exit_code}}' })),
];

export const lists = [
  table({
    title: 'Crash loops',
    description: 'Containers that restarted three times or more within 30 minutes, and their highest count.',
    expression: expressions.crashLoops,
    columns: [...containerColumns, { field: 'Value', title: 'Restarts' }],
    sortedBy: 'Restarts',
    height: 8,
    width: 10,
  }),
  table({
    title: 'Latest OOM kills',
    description: 'The containers that were OOM-killed, the latest first.',
    expression: expressions.oomDetails,
    columns: [
      ended,
      ...containerColumns,
      { field: 'duration', title: 'Ran for' },
      { field: 'exit_code', title: 'Exit code' },
      { field: 'node', title: 'Node' },
    ],
    sortedBy: ended.title,
    height: 8,
    width: 14,
  }),
  table({
    title: 'Details',
    description: 'Every restart of the shown range, the latest first.',
    expression: expressions.details,
    columns: [
      ended,
      ...containerColumns,
      { field: 'container_type', title: 'Kind' },
      { field: 'restart_count', title: 'Restart' },
      { field: 'reason', title: 'Reason', link: narrowedBy('reason') },
      { field: 'exit_code', title: 'Exit code' },
      { field: 'duration', title: 'Ran for' },
      { field: 'node', title: 'Node' },
      { field: 'workload_type', title: 'Workload type' },
      { field: 'workload', title: 'Workload', link: narrowedBy('workload') },
      { field: 'image', title: 'Image' },
    ],
    sortedBy: ended.title,
    height: 11,
    width: 24,
  }),
];

const optIn = 'From pod_monitor_container_restart_time, an opt-in family: METRICS must include it.';

export const durations = [
  bars('Time until it ran again', `Restarts by the seconds from the end to the next start. ${optIn}`)
    .span(10)
    .withTarget(asBuckets(expressions.downTimes)),
  table({
    title: 'Longest times until it ran again',
    description: optIn,
    expression: expressions.longestDownTimes,
    columns: [
      { field: 'Value', title: 'Down for', unit: 's' },
      ...containerColumns,
      { field: 'reason', title: 'Reason' },
      { field: 'exit_code', title: 'Exit code' },
    ],
    sortedBy: 'Down for',
    height: 9,
    width: 14,
  }),
];
