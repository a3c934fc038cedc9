import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `attempt` does not throw; throws its last error after `seconds`. @throws AbortError on `signal`. */
export async function until<T>(attempt: () => T | Promise<T>, signal: AbortSignal, seconds = 60): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(100, undefined, { signal });
    }
  }
}
