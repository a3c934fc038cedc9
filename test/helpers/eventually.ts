import { setTimeout as delay } from 'node:timers/promises';

/**
 * How long a condition may take to come about, in milliseconds. No test waits for it to pass: it only ends one that
 * would wait for ever, and is long enough for a machine that is busy with something else.
 */
const longest = 60_000;

/** The result of `attempt` as soon as it does not throw; its last error when it still does after a minute. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + longest;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(25);
    }
  }
}
