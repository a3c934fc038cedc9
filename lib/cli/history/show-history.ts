import type { Restart } from '../../restarts/restart.ts';
import type { HistoryForm } from '../output/form-names.ts';
import { showRestarts } from '../output/restart-forms.ts';
import type { Terminal } from '../terminal.ts';
import { noneFound } from './none-found.ts';
import type { Shown } from './shown.ts';

export interface ShownHistory extends Omit<Shown, 'output'> {
  readonly output?: HistoryForm | undefined;
  readonly all?: boolean | undefined;
}

/** Shows restarts in the form that is asked for. */
export async function showHistory(
  restarts: readonly Restart[],
  { source, range, output = 'table', nowSeconds, zone, screen, all = false }: ShownHistory,
  terminal: Terminal,
): Promise<void> {
  if (restarts.length === 0) terminal.err(noneFound({ source, range, zone }));
  if (output === 'html') {
    const { timelinePage } = await import('../../timeline/timeline-page.ts');
    const options = {
      title: 'Container restarts',
      source: source.description,
      readAt: Math.floor(nowSeconds),
    };
    terminal.out((await timelinePage({ restarts, ...options })).html);
    return;
  }
  await showRestarts(restarts, output, { nowSeconds, zone, all, ...screen }, terminal);
}
