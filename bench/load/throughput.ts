import assert from 'node:assert/strict';
import autocannon from 'autocannon';
import type { Post } from './pod-events.ts';

export interface Load {
  readonly posts: readonly Post[];
  readonly connections: number;
}

/**
 * Sends as fast as requests are answered (closed loop), each connection one request after the other.
 *
 * @returns the requests a second that were answered 2xx; there were no others. Of the seconds in which it sends: before
 * them it writes down, for each connection, all that it will send.
 */
export async function throughput(url: string, load: Load, seconds: number): Promise<number> {
  const { requests } = await send(url, load, { duration: seconds });
  return requests.average;
}

/** Sends so many requests as fast as they are answered. */
export async function sendMany(url: string, load: Load, amount: number): Promise<void> {
  await send(url, load, { amount });
}

async function send(
  url: string,
  { posts, connections }: Load,
  limit: { readonly duration: number } | { readonly amount: number },
): Promise<autocannon.Result> {
  const requests = posts.map(({ path, headers, body }) => ({ method: 'POST' as const, path, headers, body }));
  const result = await autocannon({ url, connections, requests, ...limit });
  const { errors, timeouts, non2xx } = result;
  assert.deepEqual({ errors, timeouts, non2xx }, { errors: 0, timeouts: 0, non2xx: 0 });
  return result;
}
