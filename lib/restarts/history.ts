import { type Restart, restartId } from './restart.ts';

/**
 * Each restart once, however many statuses showed it, in the order of first sight. Of two sightings the one that
 * knows when the container ran again is kept.
 */
export function distinctRestarts(sightings: Iterable<Restart>): Restart[] {
  const restarts = new Map<string, Restart>();
  for (const restart of sightings) {
    const { namespace, pod, uid, container } = restart;
    const identity = [namespace, pod, uid, container, restartId(restart)].join('/');
    const known = restarts.get(identity);
    if (known === undefined || known.restartedAt === undefined) restarts.set(identity, restart);
  }
  return [...restarts.values()];
}
