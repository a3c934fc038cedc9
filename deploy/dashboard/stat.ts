import { BigValueGraphMode } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { atEnd, datasource } from './query.ts';

/** A number at the end of the shown range, in a quarter of the width. */
export function stat(title: string, description: string, expression: string): PanelBuilder {
  return new PanelBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .height(4)
    .span(6)
    .graphMode(BigValueGraphMode.None)
    .withTarget(atEnd({ expression, legend: title }));
}
