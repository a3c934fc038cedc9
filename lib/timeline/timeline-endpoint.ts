import { createHash } from 'node:crypto';
import type { HttpAnswer } from '../http/problem.ts';
import type { LiveData } from './live-data.ts';
import { leastInterval, type SharedReadingOptions, shareReading } from './shared-reading.ts';
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

/** Serves the timeline live, read-only. */
export function createTimelineEndpoint(options: TimelineEndpointOptions): TimelineEndpoint {
  const { title, source } = options;
  const reading = shareReading(options);

  async function page(): Promise<HttpAnswer> {
    const { html, policy } = await timelinePage({ ...(await reading()), title, source, live });
    return {
      statusCode: 200,
      headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
      body: html,
    };
  }

  async function data(ifNoneMatch: string | undefined): Promise<HttpAnswer> {
    const { restarts, readAt, outage } = await reading();
    const timeline = encodeRestarts(restarts);
    const etag = `"${createHash('sha256').update(JSON.stringify({ timeline, outage })).digest('base64url')}"`;
    if (ifNoneMatch === etag) return { statusCode: 304, headers: { ...headers, etag }, body: '' };
    const body: LiveData = { timeline, readAt, outage };
    return {
      statusCode: 200,
      headers: { ...headers, 'content-type': 'application/json', etag },
      body: JSON.stringify(body),
    };
  }

  return async ({ path, ifNoneMatch }) => {
    if (path === '/') return await page();
    return path === `/${dataPath}` ? await data(ifNoneMatch) : undefined;
  };
}
