import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.ts';
import type { RestartableGateway } from '../helpers/restartable-gateway.ts';
import { storedSeries } from '../helpers/series.ts';
import { isRecordedLine, type PossibleLoss } from './account.ts';
import type { Random } from './random.ts';

/** What can happen to the Pushgateway. */
export type Disruption = 'orderly restart' | 'pause' | 'kill';

/** Longer than PUSHGATEWAY_TIMEOUT, or shorter. */
const longestPause = 3500;
const longestOutage = 1500;

export interface DisruptionContext {
  readonly random: Random;
  /** Of the records. */
  readonly job: string;
}

/** Disrupts the Pushgateway once; resolves when it is available again, with what it may have lost. */
export async function disrupt(
  gateway: RestartableGateway,
  disruption: Disruption,
  { random, job }: DisruptionContext,
): Promise<PossibleLoss | undefined> {
  if (disruption === 'pause') {
    gateway.signal('SIGSTOP');
    await delay(random.below(longestPause));
    gateway.signal('SIGCONT');
    return undefined;
  }
  const held = await heldBy(gateway.url, job);
  await gateway.end(disruption === 'kill' ? 'SIGKILL' : 'SIGTERM');
  const at = Date.now();
  await delay(random.below(longestOutage));
  await gateway.start();
  return { by: disruption, at, held };
}

async function heldBy(url: string, job: string): Promise<PossibleLoss['held']> {
  const since = Date.now();
  await allStored(url);
  return { since, lines: new Set((await storedSeries(url, job)).filter(isRecordedLine)) };
}

/**
 * Resolves when everything is stored that the gateway has accepted before: without its consistency check it queues what it
 * accepts, in order.
 */
export async function allStored(url: string): Promise<void> {
  const marker = String(markers++);
  const pushed = await fetch(`${url}/metrics/job/chaos-marker`, {
    method: 'PUT',
    body: `marker ${marker}\n`,
  });
  await pushed.arrayBuffer();
  await eventually(async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const [, stored] = /^marker\{.*\} (\d+)$/m.exec(text) ?? [];
    assert.equal(stored, marker, 'the queue is not empty yet');
  });
}

let markers = 1;
