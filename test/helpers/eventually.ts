import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /**
   * How long the condition may take to come about, in milliseconds. No test waits for it to pass: it only ends one that
   * would wait for ever, so it is long enough for a machine that is busy with something else.
   */
  readonly within?: number;
}

/** The result of `attempt` as soon as it does not throw; its last error when it still does at the deadline. */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { within = 60_000 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(25);
    }
  }
}
