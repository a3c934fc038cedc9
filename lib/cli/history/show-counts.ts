import { counted } from '../../counted.ts';
import { rfc3339 } from '../../metrics/families.ts';
import { type CountedBy, countRestarts, type RestartCount } from '../../restarts/count-restarts.ts';
import type { Restart } from '../../restarts/restart.ts';
import { countTable } from '../output/count-table.ts';
import { showRecords } from '../output/record-forms.ts';
import { zoneLabel } from '../output/short-time.ts';
import type { Terminal } from '../terminal.ts';
import { noneFound } from './none-found.ts';
import type { Shown } from './shown.ts';

export interface ShownCounts extends Shown {
  readonly by?: CountedBy | undefined;
  /** The most counts that are shown. */
  readonly top?: number | undefined;
}

/** Shows how many restarts each workload, node, image or reason has. */
export async function showCounts(
  restarts: readonly Restart[],
  { source, range, output = 'table', nowSeconds, zone, screen, by = 'workload', top }: ShownCounts,
  terminal: Terminal,
): Promise<void> {
  if (restarts.length === 0) terminal.err(noneFound({ source, range, zone }));
  const counts = countRestarts(restarts, by);
  const shown = counts.slice(0, top);
  if (output !== 'table' && output !== 'wide') {
    await showRecords(
      shown.map((count) => fieldsOf(count, by)),
      output,
      terminal,
    );
    return;
  }
  if (shown.length === 0) return;
  const times = shown.map(({ last }) => last).filter((time) => time !== undefined);
  const left = counts.length - shown.length;
  const more =
    left === 0 ? [] : [`${left} more with ${counted(restartsOf(counts.slice(shown.length)), 'restart')}`];
  const sums = [`${counted(restarts.length, 'restart')}`, ...more, `times in ${zoneLabel(zone, times)}`];
  terminal.out(`${countTable(shown, { by, nowSeconds, zone, ...screen })}\n${sums.join(' · ')}`);
}

function restartsOf(counts: readonly RestartCount[]): number {
  return counts.reduce((sum, { restarts }) => sum + restarts, 0);
}

function fieldsOf({ name, restarts, last, reasons }: RestartCount, by: CountedBy) {
  return { [by]: name, restarts, last: rfc3339(last) || null, reasons: Object.fromEntries(reasons) };
}
