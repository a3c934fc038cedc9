import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Post } from './pod-events.ts';

export interface Pace {
  readonly posts: readonly Post[];
  readonly connections: number;
  /** Requests a second at even intervals (open loop), whether or not the earlier ones have been answered. */
  readonly rate: number;
  readonly seconds: number;
}

/**
 * Sends at a fixed rate. The latency of a request is counted from when it was due, so that no delay is omitted.
 *
 * @returns the 99th percentile of the times until the answer, in milliseconds.
 */
export async function latencyAtRate(
  url: string,
  { posts, connections, rate, seconds }: Pace,
): Promise<number> {
  const pool = new Pool(url, { connections });
  const times: number[] = [];
  const answered: Promise<void>[] = [];

  async function sendDue(due: number, { path, headers, body }: Post): Promise<void> {
    const answer = await pool.request({ method: 'POST', path, headers, body });
    await answer.body.dump();
    assert.ok(answer.statusCode < 300, `answered ${answer.statusCode}`);
    times.push(performance.now() - due);
  }

  const start = performance.now();
  for (let sent = 0; sent < rate * seconds; ) {
    const now = performance.now();
    for (; sent < ((now - start) / 1000) * rate && sent < rate * seconds; sent += 1) {
      const post = posts[sent % posts.length];
      if (post !== undefined) answered.push(sendDue(start + (sent / rate) * 1000, post));
    }
    await delay(1);
  }
  await Promise.all(answered);
  await pool.close();
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}
