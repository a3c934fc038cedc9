import { reasonKind, reasonKinds } from '../reason-kind.ts';
import type { ShownRestart } from '../timeline-data.ts';
import { element } from './elements.ts';
import { markIcon } from './marks.ts';

/** More reasons than this are rare, and might come from a hostile runtime: the rest has no button. */
const most = 24;

/** A button for each reason: what its mark means, how often it occurs, and whether it is shown. */
export function showLegend(
  list: HTMLElement,
  restarts: readonly ShownRestart[],
  hidden: ReadonlySet<string>,
  onToggled: (reason: string) => void,
): void {
  const counts = new Map<string, number>([...hidden].map((reason) => [reason, 0]));
  for (const { reason } of restarts) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const focused =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset['reason'] : undefined;
  const buttons = [...counts]
    .sort(byKind)
    .slice(0, most)
    .map(([reason, count]) => {
      const button = element(
        'button',
        {
          type: 'button',
          class: 'reason',
          'aria-pressed': String(!hidden.has(reason)),
          'data-reason': reason,
        },
        markIcon(reasonKind(reason)),
        element('span', {}, reason),
        element('span', { class: 'count' }, String(count)),
      );
      button.addEventListener('click', () => onToggled(reason));
      return button;
    });
  list.replaceChildren(...buttons);
  buttons.find(({ dataset }) => dataset['reason'] === focused && focused !== undefined)?.focus();
}

function byKind([a, ofA]: readonly [string, number], [b, ofB]: readonly [string, number]): number {
  const [kindA, kindB] = [reasonKinds.indexOf(reasonKind(a)), reasonKinds.indexOf(reasonKind(b))];
  return kindA - kindB || ofB - ofA || (a < b ? -1 : 1);
}
