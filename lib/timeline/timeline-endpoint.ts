import { createHash } from 'node:crypto';
import type { HttpAnswer } from '../http/problem.ts';
import type { LiveData } from './live-data.ts';
import { leastInterval, type Reading, type SharedReadingOptions, shareReading } from './shared-reading.ts';
import { encodeRestarts } from './timeline-data.ts';
import { timelinePage } from './timeline-page.ts';

/** A GET or HEAD request. */
export interface TimelineRequest {
  /** Without the query, which only the browser reads. */
  readonly path: string;
  readonly ifNoneMatch: string | undefined;
}

export interface TimelineEndpointOptions extends SharedReadingOptions {
  readonly title: string;
  /** Where the restarts come from, for people. */
  readonly source: string;
}

/** Answers for the page at `/` and for what it asks for; `undefined` for any other path. */
export type TimelineEndpoint = (request: TimelineRequest) => Promise<HttpAnswer | undefined>;

/** More restarts than a browser shows with ease are not sent: the latest are. */
const most = 20_000;

const dataPath = 'restarts.json';

/** Relative, so that the page also works below a path of a proxy. */
const live = { path: dataPath, seconds: leastInterval / 1000 };

const headers = {
  // A page about a cluster is nobody else's business.
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

interface ShownReading extends Reading {
  readonly omitted: number | undefined;
}

/** Serves the timeline live, read-only. */
export function createTimelineEndpoint(options: TimelineEndpointOptions): TimelineEndpoint {
  const { title, source } = options;
  const read = shareReading(options);
  const shownOf = keptForOne(({ restarts, ...rest }: Reading) => {
    const omitted = Math.max(restarts.length - most, 0) || undefined;
    return { ...rest, restarts: restarts.slice(-most), omitted };
  });
  const reading = async () => shownOf(await read());

  // Many browsers ask for what was read once.
  const pageOf = keptForOne(async (last: ShownReading): Promise<HttpAnswer> => {
    const { html, policy } = await timelinePage({ ...last, title, source, live });
    return {
      statusCode: 200,
      headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
      body: html,
    };
  });
  const dataOf = keptForOne(({ restarts, readAt, omitted, outage }: ShownReading) => {
    const timeline = encodeRestarts(restarts);
    const etag = `"${createHash('sha256').update(JSON.stringify({ timeline, omitted, outage })).digest('base64url')}"`;
    const data: LiveData = { timeline, readAt, omitted, outage };
    return { etag, body: JSON.stringify(data) };
  });

  async function answerData(ifNoneMatch: string | undefined): Promise<HttpAnswer> {
    const { etag, body } = dataOf(await reading());
    if (ifNoneMatch === etag) return { statusCode: 304, headers: { ...headers, etag }, body: '' };
    return { statusCode: 200, headers: { ...headers, 'content-type': 'application/json', etag }, body };
  }

  return async ({ path, ifNoneMatch }) => {
    if (path === '/') return await pageOf(await reading());
    return path === `/${dataPath}` ? await answerData(ifNoneMatch) : undefined;
  };
}

/** A function that keeps its last result for as long as it is asked for the same. */
function keptForOne<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  let kept: { readonly key: Key; readonly value: Value } | undefined;
  return (key) => {
    if (kept?.key !== key) kept = { key, value: make(key) };
    return kept.value;
  };
}
