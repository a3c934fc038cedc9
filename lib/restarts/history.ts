import { type Restart, restartId } from './restart.ts';

/** Text that identifies a restart within the cluster. */
export function identityOf(restart: Restart): string {
  const { namespace, pod, uid, container } = restart;
  return [namespace, pod, uid, container, restartId(restart)].join('/');
}

/**
 * Each restart once, however many statuses showed it, in the order of first observation. Of two observations
 * the one that shows when the container ran again is kept.
 */
export function distinctRestarts(observed: Iterable<Restart>): Restart[] {
  const restarts = new Map<string, Restart>();
  for (const restart of observed) {
    const identity = identityOf(restart);
    const known = restarts.get(identity);
    if (known === undefined || known.restartedAt === undefined) restarts.set(identity, restart);
  }
  return [...restarts.values()];
}
