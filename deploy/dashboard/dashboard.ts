import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.ts';
import { functionHealth, gatewayHealth, gatewayLines, missed } from './health-panels.ts';
import { dashboardUid, timelinePage } from './links.ts';
import { durations, lists, overview, rankings, timeline } from './restart-panels.ts';
import { variables } from './variables.ts';

const rows = [
  ['Restarts', [...overview, timeline, ...rankings, ...lists]],
  ['Down times', durations],
  ['Missed restarts', [missed]],
  ['The function', functionHealth],
  ['The gateway', [...gatewayHealth, ...gatewayLines]],
] as const;

/**
 * The dashboard in Grafana's classic JSON, which every Grafana imports and provisions from a file.
 *
 * Panels are numbered in their order, so that the same source gives the same bytes.
 */
export function dashboard(): Dashboard {
  const builder = new DashboardBuilder('Container restarts')
    .uid(dashboardUid)
    .description('Every container restart on the record of restart-ledger.')
    .tags(['kubernetes', 'restart-ledger'])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-24h', to: 'now' })
    .timezone('browser')
    .refresh('5m')
    .variables(variables)
    .annotations(annotations)
    .link(timelinePage);
  let id = 0;
  for (const [title, panels] of rows) {
    id += 1;
    builder.withRow(new RowBuilder(title).id(id));
    for (const panel of panels) {
      id += 1;
      builder.withPanel(panel.id(id));
    }
  }
  return builder.build();
}
