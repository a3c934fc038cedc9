import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { datasource } from './query.ts';

const family = 'pod_monitor_container_restart_details';

/** Any number of the label's values; all of them at first, a missing label included. */
function labelVariable(name: string, label: string, selector: string): QueryVariableBuilder {
  const query = `label_values(${family}${selector}, ${label})`;
  return new QueryVariableBuilder(name)
    .label(name[0]?.toUpperCase() + name.slice(1))
    .datasource(datasource)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
}

const ofCluster = '{cluster=~"$cluster"}';
const ofNamespace = '{cluster=~"$cluster", namespace=~"$namespace"}';

export const variables = [
  new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
  labelVariable('cluster', 'cluster', ''),
  labelVariable('namespace', 'namespace', ofCluster),
  labelVariable('workload', 'workload', ofNamespace),
  labelVariable('reason', 'reason', ofNamespace),
  new TextBoxVariableBuilder('page')
    .label('Timeline')
    .description('The address of `restart-ledger page`, as your browser reaches it.')
    .defaultValue('http://localhost:8081'),
];
