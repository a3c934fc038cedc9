import { counted } from '../../counted.ts';
import type { ReplayCounts } from '../../ledger/replay/replay.ts';
import { printable } from '../output/printable.ts';

const shownLocations = 5;

/** The last line of a replay. */
export function summary(counts: ReplayCounts, taken: string): string {
  const {
    read,
    withRestart,
    restarts,
    withoutRestart,
    notSelected,
    expired,
    ofOtherKind,
    refused,
    interrupted,
  } = counts;
  const locations = printable(refused.slice(0, shownLocations).join(', '));
  const more = refused.length > shownLocations ? ', …' : '';
  return [
    `${interrupted ? 'stopped early: ' : ''}${counted(read, 'record')} read: ${withRestart} ${taken} (${counted(restarts, 'restart')})`,
    `${withoutRestart} without a restart`,
    ...(notSelected > 0 ? [`${notSelected} not selected`] : []),
    ...(expired > 0 ? [`${expired} past retention`] : []),
    `${ofOtherKind} of another kind`,
    `${refused.length} refused${refused.length > 0 ? ` (${locations}${more})` : ''}`,
  ].join(', ');
}
