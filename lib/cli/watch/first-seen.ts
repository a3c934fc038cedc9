import { identityOf } from '../../restarts/history.ts';
import type { Restart } from '../../restarts/restart.ts';

/** Restarts that are remembered; beyond it the least recently seen are evicted, and count as new when seen again. */
const most = 10_000;

/**
 * Whether a restart is seen for the first time, so that each is shown once. For display only: records never
 * depend on it.
 */
export function createFirstSeen(): (restart: Restart) => boolean {
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
