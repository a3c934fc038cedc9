import type { TimeRange } from '../../ledger/history/history-source.ts';
import type { OpenHistorySource } from '../../ledger/history/open-history-source.ts';
import type { LocalZone } from '../../local-zone.ts';
import type { TableForm } from '../output/columns.ts';
import type { ShownForm } from '../output/form-names.ts';

/** What everything that `history` shows is shown with. */
export interface Shown {
  readonly source: Pick<OpenHistorySource, 'description' | 'kind'>;
  /** What was asked for. */
  readonly range: TimeRange;
  readonly output?: ShownForm | undefined;
  /** Unix seconds. */
  readonly nowSeconds: number;
  readonly zone: LocalZone;
  readonly screen: TableForm;
}
