import { restartTime } from '../../restarts/restart.ts';
import { type LiveData, omittedText } from '../live-data.ts';
import { summaryOf } from '../summary.ts';
import { decodeRestarts, type ShownRestart } from '../timeline-data.ts';
import { timeIn, utcZone, type Zone } from '../zone.ts';
import { createChart, type TimeRange } from './chart.ts';
import { detailsOf } from './details.ts';
import { byId, element } from './elements.ts';
import { addressOf, createMatcher, type Filter, filterOfAddress } from './filter.ts';
import { listenToKeys } from './keyboard.ts';
import { createKnownRestarts } from './known-restarts.ts';
import { showLegend } from './legend.ts';
import { follow } from './live.ts';
import type { Mark } from './rows.ts';
import { createRestartTable } from './table.ts';
import { showZone, withZone, zoneOfAddress } from './zones.ts';

performance.mark('timeline-start');
const embedded: LiveData = JSON.parse(byId('data', HTMLScriptElement).textContent ?? '');
byId('timeline', HTMLElement).hidden = false;
byId('no-script', HTMLElement).remove();

const chart = createChart();
const table = createRestartTable();
const known = createKnownRestarts();
const details = byId('details', HTMLDivElement);
const lanes = byId('lanes', SVGSVGElement);
const scroller = byId('scroller', HTMLDivElement);
const search = byId('search', HTMLInputElement);

let data = embedded;
let restarts: readonly ShownRestart[] = [];
let filter: Filter = filterOfAddress(location.search, Date.now() / 1000);
let zone = zoneOfAddress(location.search);
search.value = filter.text;

function takeData(next: LiveData): void {
  data = next;
  restarts = known(decodeRestarts(next.timeline));
  table.show(restarts, zone);
  byId('summary', HTMLElement).textContent = summaryOf(restarts);
  showReadAt(next.readAt);
  const { outage } = next;
  showNotice(
    'outage',
    outage && `${outage.message}. Since ${timeIn(zone, outage.since).slice(11)} ${zone.name}; trying again.`,
  );
  showNotice('omitted', omittedText(next.omitted) || undefined);
  applyFilter();
}

function showReadAt(unixSeconds: number): void {
  byId('read-at', HTMLElement).textContent = `${timeIn(zone, unixSeconds)} ${zone.name}`;
}

function showNotice(id: string, text: string | undefined): void {
  const notice = byId(id, HTMLElement);
  notice.hidden = text === undefined;
  if (notice.textContent !== (text ?? '')) notice.textContent = text ?? '';
}

function applyFilter(): void {
  const matches = createMatcher(filter);
  const shown = restarts.filter(matches);
  chart.show(shown, rangeOf(shown), zone);
  table.filter(matches);
  showLegend(
    byId('legend', HTMLElement),
    restarts.filter(createMatcher(filter, { byReason: false })),
    filter.hiddenReasons,
    toggle,
  );
  showChips();
  byId('shown', HTMLElement).textContent =
    shown.length === restarts.length ? '' : `${shown.length} of ${restarts.length} restarts shown`;
  byId('none', HTMLElement).hidden = shown.length > 0;
  byId('none', HTMLElement).textContent =
    restarts.length === 0 ? 'No restart is on record yet.' : 'No restart matches the filter.';
  byId('plot', HTMLElement).hidden = shown.length === 0;
}

function change(next: Partial<Filter>): void {
  filter = { ...filter, ...next };
  applyFilter();
  keepInAddress();
}

function changeZone(next: Zone): void {
  zone = next;
  hideDetails();
  showZone(zone, changeZone);
  takeData(data);
  keepInAddress();
}

function keepInAddress(): void {
  const query = withZone(addressOf(filter), zone);
  try {
    history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
  } catch {
    // A browser may not let a file change its address.
  }
}

function toggle(reason: string): void {
  const hiddenReasons = new Set(filter.hiddenReasons);
  if (!hiddenReasons.delete(reason)) hiddenReasons.add(reason);
  change({ hiddenReasons });
}

/** What the address filters by, each with a way out of it. */
function showChips(): void {
  const fields = [...filter.fields].map(([field, values]) => {
    const remove = () => change({ fields: new Map([...filter.fields].filter(([other]) => other !== field)) });
    return chip(`${field}: ${values.join(', ')}`, remove);
  });
  const { from, to } = filter;
  const minute = (time: number) => timeIn(zone, time).slice(0, 16);
  const parts = [from && `from ${minute(from)}`, to && `to ${minute(to)}`].filter(Boolean);
  const range =
    parts.length === 0 ? [] : [chip(parts.join(' '), () => change({ from: undefined, to: undefined }))];
  byId('chips', HTMLElement).replaceChildren(...fields, ...range);
}

function chip(text: string, onRemoved: () => void): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'chip', 'aria-label': `Remove the filter ${text}` },
    text,
    ' ×',
  );
  button.addEventListener('click', onRemoved);
  return button;
}

/** From the first start that is not much earlier than the first end to the last end, with some room at both sides. */
function rangeOf(shown: readonly ShownRestart[]): TimeRange {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const restart of shown) {
    const time = restartTime(restart) ?? Number.NaN;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  if (first > last) [first, last] = [data.readAt - 3600, data.readAt];
  const span = Math.max(last - first, 120);
  const starts = shown.map(({ startedAt }) => startedAt ?? first).filter((start) => start > first - span / 4);
  const from = starts.reduce((least, start) => Math.min(least, start), first);
  return { from: from - span * 0.03, to: last + span * 0.05 };
}

function showDetails({ restart }: Mark, at: DOMRect): void {
  details.replaceChildren(...detailsOf(restart, zone));
  details.hidden = false;
  const { width, height } = details.getBoundingClientRect();
  // Below, else above: the lane stays in sight.
  const below = at.bottom + 8;
  const top = below + height > innerHeight - 8 ? at.top - height - 8 : below;
  details.style.left = `${Math.max(Math.min(at.left - 14, innerWidth - width - 8), 8)}px`;
  details.style.top = `${Math.max(top, 8)}px`;
}

function hideDetails(): void {
  details.hidden = true;
}

scroller.addEventListener('pointermove', (event) => {
  const found = event.buttons === 0 ? chart.markAt(event.clientX, event.clientY) : undefined;
  lanes.classList.toggle('over', found !== undefined);
  if (found !== undefined) showDetails(found.mark, found.at);
  else if (chart.chosen() === undefined) hideDetails();
});
scroller.addEventListener('pointerleave', () => {
  if (chart.chosen() === undefined) hideDetails();
});
scroller.addEventListener('click', (event) => {
  const found = chart.markAt(event.clientX, event.clientY);
  const row = found && chart.rows().find((each) => each.kind === 'lane' && each.marks.includes(found.mark));
  if (found === undefined || row === undefined) {
    chart.leave();
    hideDetails();
    return;
  }
  const at = chart.choose(found.mark, row);
  if (at !== undefined) showDetails(found.mark, at);
});
scroller.addEventListener('scroll', hideDetails, { passive: true });

listenToKeys({
  chart,
  lanes,
  onChosen: (mark, at) => at && requestAnimationFrame(() => showDetails(mark, at)),
  onEntered: ({ restart }) => table.reveal(restart),
  onLeft() {
    chart.leave();
    hideDetails();
  },
});
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hideDetails();
  if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  search.focus();
});
search.addEventListener('input', () => change({ text: search.value }));
byId('zoom-in', HTMLButtonElement).addEventListener('click', () => chart.zoomBy(2));
byId('zoom-out', HTMLButtonElement).addEventListener('click', () => chart.zoomBy(1 / 2));
byId('zoom-reset', HTMLButtonElement).addEventListener('click', () => chart.reset());

// First as the server has written it.
if (zone !== utcZone) table.show(known(decodeRestarts(embedded.timeline)), utcZone);
showZone(zone, changeZone);
takeData(embedded);
if (embedded.live !== undefined) {
  follow({
    ...embedded.live,
    onData: takeData,
    onUnchanged: (readAt) => data.outage === undefined && showReadAt(readAt),
    onServerLost: (isLost) =>
      showNotice(
        'server-lost',
        isLost ? 'The server of this page does not answer; trying again.' : undefined,
      ),
  });
}
performance.mark('timeline-ready');
