import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Post } from '../load/pod-events.ts';

/** Sends as a broker does: what is not acknowledged is sent again, with exponential back-off. */
export interface Sender {
  /** Resolves when the event is acknowledged. */
  send(post: Post): Promise<void>;
  /** By status; 0 for no answer. */
  readonly answers: ReadonlyMap<number, number>;
  /** Events that are not acknowledged yet. */
  readonly waiting: number;
  close(): Promise<void>;
}

export function createSender(url: string, connections: number): Sender {
  const pool = new Pool(url, { connections });
  const answers = new Map<number, number>();
  let waiting = 0;

  async function statusOf({ path, headers, body }: Post): Promise<number> {
    try {
      const answer = await pool.request({ method: 'POST', path, headers, body });
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return 0;
    }
  }

  return {
    answers,
    get waiting() {
      return waiting;
    },
    async send(post) {
      waiting += 1;
      for (let backOff = 250; ; backOff = Math.min(2 * backOff, 8000)) {
        const status = await statusOf(post);
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (status >= 200 && status < 300) break;
        if (status >= 400 && status < 500) throw new Error(`an event was answered ${status}`);
        await delay(backOff);
      }
      waiting -= 1;
    },
    close: () => pool.close(),
  };
}
