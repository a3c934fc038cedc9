import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.ts';
import type { RestartableGateway } from '../helpers/restartable-gateway.ts';
import { storedSeries } from '../helpers/series.ts';
import { type LossWindow, nameOfLine } from './account.ts';
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

export interface DisruptionContext {
  readonly random: Random;
  /** When the Pushgateway held nothing yet, in Unix milliseconds. */
  readonly start: number;
  /** Of the records. */
  readonly job: string;
}

/** Disrupts the Pushgateway once; resolves when it is available again, with the time in which it may have lost pushes. */
export async function disrupt(
  gateway: RestartableGateway,
  disruption: Disruption,
  { random, start, job }: DisruptionContext,
): Promise<LossWindow | undefined> {
  if (disruption === 'pause') {
    gateway.signal('SIGSTOP');
    await delay(random.below(longestPause));
    gateway.signal('SIGCONT');
    return undefined;
  }
  const held = await heldBy(gateway.url, job);
  const before = Date.now();
  await gateway.end(disruption === 'kill' ? 'SIGKILL' : 'SIGTERM');
  const to = Date.now();
  const persistedAt = gateway.persistedAt();
  await delay(random.below(longestOutage));
  await gateway.start();
  if (disruption === 'orderly restart') return { by: disruption, from: before, to, held };
  const from = persistedAt === undefined ? start : persistedAt - snapshotMilliseconds;
  return { by: disruption, from, to, held };
}

async function heldBy(url: string, job: string): Promise<LossWindow['held']> {
  const at = Date.now();
  await allStored(url);
  return { at, records: new Set((await storedSeries(url, job)).map(nameOfLine)) };
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
