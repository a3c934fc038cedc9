import { identityOf } from '../../restarts/history.ts';
import type { Restart } from '../../restarts/restart.ts';

/** Restarts that are remembered; of more, the longest unseen are forgotten, and count as new when they come again. */
const most = 10_000;

/**
 * Tells restarts that come for the first time, so that a person reads of each once. For showing only: what is recorded
 * never depends on it.
 */
export function createFirstSights(): (restart: Restart) => boolean {
  const seen = new Set<string>();
  return (restart) => {
    const identity = identityOf(restart);
    const isFirst = !seen.delete(identity);
    seen.add(identity);
    const [oldest] = seen;
    if (seen.size > most && oldest !== undefined) seen.delete(oldest);
    return isFirst;
  };
}
