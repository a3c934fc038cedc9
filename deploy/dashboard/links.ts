import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Link } from './table.ts';

/** The dashboard's own address in Grafana. */
export const dashboardUid = 'restart-ledger';

/**
 * The timeline that `restart-ledger page` serves, at the address that the variable `page` holds, filtered by what the dashboard is:
 * it understands `var-workload=…`, `from` and `to` (lib/timeline/browser/filter.ts).
 */
export const timelinePage = new DashboardLinkBuilder('Timeline')
  .type(DashboardLinkType.Link)
  .tooltip('Every run of every container, by restart-ledger page')
  .url(grafana('page'))
  .includeVars(true)
  .keepTime(true)
  .targetBlank(true);

/** This dashboard, with a variable set to the cell's value. */
export function narrowedBy(variable: string): Link {
  return {
    title: `Only this ${variable}`,
    url: `/d/${dashboardUid}?var-${variable}=${grafana('__value.raw')}&${grafana('__url_time_range')}`,
  };
}

/**
 * Explore, with everything on record of the row's Pod.
 *
 * The address holds the query as JSON, with Grafana's own placeholders unescaped:
 * https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/#generate-explore-urls-from-external-tools
 */
export const everythingOfPod: Link = {
  title: 'Everything on record of this Pod',
  url: `/explore?schemaVersion=1&panes=${unescaped(
    JSON.stringify({
      restarts: {
        datasource: grafana('datasource'),
        queries: [
          {
            refId: 'A',
            expr: `{__name__=~"pod_monitor_container_restart_.+", namespace="${grafana('__data.fields.Namespace')}", pod="${grafana('__value.raw')}"}`,
          },
        ],
        range: { from: grafana('__from'), to: grafana('__to') },
      },
    }),
  )}`,
};

function grafana(placeholder: string): string {
  return `\${${placeholder}}`;
}

function unescaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /%24%7B(.+?)%7D/g,
    (_escaped, placeholder: string) => `\${${placeholder}}`,
  );
}
