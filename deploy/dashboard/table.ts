import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { asRows, datasource } from './query.ts';

/** A column: the field that it shows (a label, or `Value`), its title, its unit and its link. */
export interface Column {
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  /** Where a click on the cell leads. */
  readonly link?: Link;
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

export interface Table {
  readonly title: string;
  readonly description: string;
  readonly expression: string;
  readonly columns: readonly Column[];
  /** The title of the column that the rows are sorted by, the greatest first. */
  readonly sortedBy: string;
  readonly height: number;
  readonly width: number;
}

/** A table of one row a series, with these columns in this order and no others. */
export function table(definition: Table): PanelBuilder {
  const { title, description, expression, columns, height, width } = definition;
  const names = columns.map(({ field }) => field);
  const panel = new PanelBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .height(height)
    .span(width)
    .filterable(true)
    .withTarget(asRows(expression))
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names } } })
    .withTransformation({
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(names.map((field, index) => [field, index])),
        renameByName: Object.fromEntries(columns.map((column) => [column.field, column.title])),
      },
    })
    .withTransformation({
      id: 'sortBy',
      options: { sort: [{ field: definition.sortedBy, desc: true }] },
    });
  for (const column of columns) {
    const properties = [
      ...(column.unit === undefined ? [] : [{ id: 'unit', value: column.unit }]),
      ...(column.link === undefined ? [] : [{ id: 'links', value: [column.link] }]),
    ];
    if (properties.length > 0) panel.overrideByName(column.title, properties);
  }
  return panel;
}
