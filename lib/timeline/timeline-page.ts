import { createHash } from 'node:crypto';
import type { Restart } from '../restarts/restart.ts';
import { type BrowserCode, browserCode } from './browser-code.ts';
import { embeddedJson, escapeHtml } from './html.ts';
import { type Live, type LiveData, type Outage, omittedText } from './live-data.ts';
import { restartTable } from './restart-table.ts';
import { summaryOf } from './summary.ts';
import { decodeRestarts, encodeRestarts } from './timeline-data.ts';
import { timeIn, utcZone } from './zone.ts';

export interface TimelinePageOptions {
  readonly restarts: readonly Restart[];
  readonly title: string;
  /** Where the restarts come from, for people: `Prometheus at http://…`. */
  readonly source: string;
  /** When they were read, in Unix seconds. */
  readonly readAt: number;
  /** How the page stays up to date; without it the page is a file that asks for nothing. */
  readonly live?: Live | undefined;
  readonly outage?: Outage | undefined;
  /** How many earlier restarts there are. */
  readonly omitted?: number | undefined;
}

/** A whole HTML document, and what a server sends with it. */
export interface TimelinePage {
  readonly html: string;
  /** The value of the header Content-Security-Policy. */
  readonly policy: string;
}

let code: Promise<BrowserCode> | undefined;

/**
 * The timeline of restarts as one HTML document that needs nothing else: lanes and marks where JavaScript runs, and the
 * table beneath in any case.
 *
 * Texts of Pods are hostile. They are escaped where they are written as HTML, they are set as text by the script, and the
 * policy lets no script or style run but these two, by their hashes.
 */
export async function timelinePage(options: TimelinePageOptions): Promise<TimelinePage> {
  code ??= browserCode();
  const { script, style } = await code;
  const { restarts, title, source, readAt, live, outage, omitted } = options;
  const timeline = encodeRestarts(restarts);
  const data: LiveData = { timeline, readAt, omitted, outage, live };
  const shown = decodeRestarts(timeline);
  const policy = policyOf(script, style, live);
  // A document can set all of its policy but who may frame it: https://www.w3.org/TR/CSP3/#meta-element
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="restart-ledger">
<link rel="icon" href="${icon}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p id="summary">${escapeHtml(summaryOf(shown))}</p>
<p class="source">${live === undefined ? '' : '<span class="live">live</span> '}${escapeHtml(source)} <span aria-hidden="true">·</span> read <span id="read-at">${timeIn(utcZone, readAt)} UTC</span></p>
</header>
<main>
<p id="outage" class="notice" role="status"${outage === undefined ? ' hidden' : ''}>${escapeHtml(outage?.message ?? '')}</p>
<p id="omitted" class="notice"${omitted ? '' : ' hidden'}>${omittedText(omitted)}</p>
<p id="server-lost" class="notice" role="status" hidden></p>
${timelineSection}
<section>
<h2 id="all-title">All restarts <small id="table-zone">times in UTC</small></h2>
<div class="table" role="region" aria-labelledby="all-title" tabindex="0">
${restartTable(shown)}
</div>
</section>
</main>
<script type="application/json" id="data">${embeddedJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
  return { html, policy: `${policy}; frame-ancestors 'self'` };
}

const timelineSection = `<p id="no-script" class="notice">The timeline needs JavaScript. The table below does not.</p>
<section id="timeline" aria-labelledby="timeline-title" hidden>
<h2 id="timeline-title" class="unseen">Timeline</h2>
<div class="toolbar">
<input id="search" type="search" placeholder="Filter: a workload, a Pod, a node, an image …" aria-label="Filter by text" autocomplete="off" spellcheck="false">
<div id="chips"></div>
<span id="shown" role="status"></span>
<div id="zones" class="buttons" role="group" aria-label="Time zone" hidden></div>
<div class="buttons" role="group" aria-label="Zoom"><button type="button" id="zoom-out" aria-label="Zoom out" title="Zoom out (−)">−</button><button type="button" id="zoom-in" aria-label="Zoom in" title="Zoom in (+)">+</button><button type="button" id="zoom-reset" title="Show all (0)">All</button></div>
</div>
<div id="legend" role="group" aria-label="Reasons that are shown"></div>
<p id="none" class="none" hidden></p>
<div id="plot">
<div class="axis"><div class="corner" id="axis-zone">Time in UTC</div><svg id="axis" height="36" aria-hidden="true"><text class="date" x="2" y="10"></text><g class="ticks"></g></svg></div>
<div id="scroller"><div id="sheet"><div id="labels" aria-hidden="true"></div><svg id="lanes" role="listbox" tabindex="0" aria-label="Restarts, a group for each container" aria-describedby="keys"><g class="grid" aria-hidden="true"></g><g class="rows"></g></svg></div></div>
</div>
<p id="keys" class="keys"><kbd>←</kbd> <kbd>→</kbd> restarts of a container <kbd>↑</kbd> <kbd>↓</kbd> containers <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom <kbd>Shift</kbd> with <kbd>←</kbd> <kbd>→</kbd> or drag: move <kbd>Ctrl</kbd> with wheel: zoom <kbd>Enter</kbd> row of the table <kbd>/</kbd> filter</p>
<div id="details" role="tooltip" hidden></div>
</section>`;

const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Cpath d=%22M1 7h6v2H1z%22 fill=%22%238fa3bd%22/%3E%3Cpath d=%22M11 3l5 5-5 5-5-5z%22 fill=%22%23c2410c%22/%3E%3C/svg%3E';

function policyOf(script: string, style: string, live: Live | undefined): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    ...(live === undefined ? [] : ["connect-src 'self'"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
