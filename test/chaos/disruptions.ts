import { setTimeout as delay } from 'node:timers/promises';
import type { RestartableGateway } from '../helpers/restartable-gateway.ts';
import type { LossWindow } from './account.ts';
import type { Random } from './random.ts';

/** What can happen to the Pushgateway. */
export type Disruption = 'orderly restart' | 'pause' | 'kill';

/**
 * How long before the last write of its file a push may have been acknowledged that the file does not have: it writes a
 * snapshot, and without its consistency check it acknowledges a push before it stores it.
 * https://github.com/prometheus/pushgateway/blob/v1.11.2/storage/diskmetricstore.go
 */
const snapshotMilliseconds = 2000;

/** Longer than PUSHGATEWAY_TIMEOUT, or shorter. */
const longestPause = 3500;
const longestOutage = 1500;

/** Disrupts the Pushgateway once; resolves when it is available again, with the time in which it may have lost pushes. */
export async function disrupt(
  gateway: RestartableGateway,
  disruption: Disruption,
  { random, start }: { readonly random: Random /** When it had nothing yet. */; readonly start: number },
): Promise<LossWindow | undefined> {
  if (disruption === 'pause') {
    gateway.signal('SIGSTOP');
    await delay(random.below(longestPause));
    gateway.signal('SIGCONT');
    return undefined;
  }
  const before = Date.now();
  await gateway.end(disruption === 'kill' ? 'SIGKILL' : 'SIGTERM');
  const to = Date.now();
  const persistedAt = gateway.persistedAt();
  await delay(random.below(longestOutage));
  await gateway.start();
  if (disruption === 'orderly restart') return { by: disruption, from: before, to };
  return { by: disruption, from: persistedAt === undefined ? start : persistedAt - snapshotMilliseconds, to };
}
