import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source that the dashboard's first variable chooses. */
export const datasource = { type: 'prometheus', uid: `\${datasource}` };

/** One query of a panel; `refId` distinguishes it from the panel's others. */
export interface Query {
  readonly expression: string;
  readonly legend: string;
  readonly refId?: string;
}

function query({ expression, legend, refId = 'A' }: Query): DataqueryBuilder {
  return new DataqueryBuilder().datasource(datasource).refId(refId).expr(expression).legendFormat(legend);
}

/** A line over the shown range. */
export function overTime(definition: Query): DataqueryBuilder {
  return query(definition).range().format(PromQueryFormat.TimeSeries);
}

/** One value a series, at the end of the shown range. */
export function atEnd(definition: Query): DataqueryBuilder {
  return query(definition).instant().format(PromQueryFormat.TimeSeries);
}

/** A row a series, with a column a label, at the end of the shown range. */
export function asRows(expression: string): DataqueryBuilder {
  return query({ expression, legend: '' }).instant().format(PromQueryFormat.Table);
}

/** Histogram buckets at the end of the shown range, not cumulative. */
export function asBuckets(expression: string): DataqueryBuilder {
  return query({ expression, legend: '{{le}}' }).instant().format(PromQueryFormat.Heatmap);
}
