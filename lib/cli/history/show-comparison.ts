import { counted } from '../../counted.ts';
import { rfc3339 } from '../../metrics/families.ts';
import { type ComparedTimes, compareRestarts, type Period } from '../../restarts/compare-restarts.ts';
import { type Restart, restartTime } from '../../restarts/restart.ts';
import { comparisonTable, rate } from '../output/comparison-table.ts';
import { localTime } from '../output/local-time.ts';
import { showRecords } from '../output/record-forms.ts';
import { shortDuration } from '../output/short-duration.ts';
import { zoneLabel } from '../output/short-time.ts';
import type { Terminal } from '../terminal.ts';
import { noneFound } from './none-found.ts';
import type { Shown } from './shown.ts';

/** Shows whether restarts became more or fewer at a time. */
export async function showComparison(
  restarts: readonly Restart[],
  times: ComparedTimes,
  { source, range, output = 'table', zone, screen }: Shown,
  terminal: Terminal,
): Promise<void> {
  if (restarts.length === 0) terminal.err(noneFound({ source, range, zone }));
  const comparisons = compareRestarts(restarts, times);
  if (output !== 'table' && output !== 'wide') {
    const records = comparisons.map(({ workload, reason, before, after }) => ({
      workload,
      reason,
      before: fieldsOf(before),
      after: fieldsOf(after),
      comparedAt: rfc3339(Math.floor(times.at)),
    }));
    await showRecords(records, output, terminal);
    return;
  }
  const { since, at, until } = times;
  const after = restarts.filter((restart) => (restartTime(restart) ?? since) >= at).length;
  const sum = (count: number, seconds: number) =>
    `${counted(count, 'restart')} in ${shortDuration(seconds)} (${rate(count, seconds)})`;
  const lines = [
    `before ${localTime(at, zone)} ${zoneLabel(zone, [at])}: ${sum(restarts.length - after, at - since)}`,
    `after: ${sum(after, until - at)}`,
  ];
  const table = comparisons.length === 0 ? '' : `${comparisonTable(comparisons, screen)}\n`;
  terminal.out(`${table}${lines.join('\n')}`);
}

function fieldsOf({ restarts, perDay, images }: Period) {
  return { restarts, perDay: Math.round(perDay * 1000) / 1000, images };
}
