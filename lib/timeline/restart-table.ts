import { escapeHtml } from './html.ts';
import { columns, type TableDay, tableCells, tableDays } from './table-rows.ts';
import type { ShownRestart } from './timeline-data.ts';
import { utcZone } from './zone.ts';

/**
 * The table beneath the timeline, which needs no JavaScript, in UTC: a part for each day, the latest first. HTML lets the end tags
 * of rows and cells be left out, which makes a large report a third smaller:
 * https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
 */
export function restartTable(restarts: readonly ShownRestart[]): string {
  const days = tableDays(restarts, utcZone).map(dayHtml).join('\n');
  return `<div id="days">${days}</div>
<template id="day-template">${dayHtml({ title: '', restarts: [] })}</template>`;
}

const head = `<thead><tr>${columns.map((column) => `<th scope="col">${column}`).join('')}</thead>`;

function dayHtml({ title, restarts }: TableDay): string {
  const rows = restarts.map(rowHtml).join('');
  return `<section class="day"><h3>${escapeHtml(title)}</h3><table>${head}<tbody>${rows}</tbody></table></section>`;
}

function rowHtml(restart: ShownRestart): string {
  return `<tr>${tableCells(restart, utcZone)
    .map((cell) => `<td>${escapeHtml(cell)}`)
    .join('')}`;
}
