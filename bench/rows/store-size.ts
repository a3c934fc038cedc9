import { rm } from 'node:fs/promises';
import { Pool } from 'undici';
import { type ServiceOptions, startPushgateway } from '../../test/helpers/real-services.ts';
import { type Post, pods, pushesOf } from '../load/pod-events.ts';
import type { Series } from '../report/row.ts';
import type { Effort } from '../rounds.ts';

const sizes = [0, 500, 3_000, 10_000, 50_000];
const unchecked = '--push.disable-consistency-check';

/** The cost of a push by the size of the store, with the Pushgateway's consistency check and without it. */
export async function storeSizes({ groups, seconds }: Effort): Promise<Series> {
  const [pod = ''] = pods(1, true);
  const [push] = await pushesOf(pod);
  if (push === undefined) throw new TypeError('the Pod shows no restart');
  const lines: number[][] = [];
  let store: ServiceOptions = { flags: [unchecked] };
  let filled = 0;
  for (const size of sizes.filter((each) => each <= groups)) {
    const filling = await startPushgateway(store);
    store = { flags: [unchecked], folder: filling.folder };
    await fill(filling.url, push, filled, size);
    filled = size;
    const without = await millisecondsAPush(filling.url, push, seconds);
    // It persists its store when it ends.
    await filling.kill();
    const checking = await startPushgateway({ folder: filling.folder });
    const withCheck = await millisecondsAPush(checking.url, push, seconds);
    await checking.kill();
    lines.push([size, withCheck, without]);
  }
  await rm(store.folder ?? '', { recursive: true });
  return {
    title: 'Cost of a push as the store grows',
    columns: ['groups', 'ms a push, checked', 'ms a push, unchecked'],
    lines,
  };
}

async function fill(url: string, push: Post, from: number, to: number): Promise<void> {
  const pool = new Pool(url, { connections: 8 });
  const numbers = Array.from({ length: to - from }, (_, index) => from + index).values();
  const worker = async () => {
    for (const number of numbers) await send(pool, { ...push, path: `${push.path}${number}` });
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await pool.close();
}

/** One push after the other: at least five, and as many as there is time for. */
async function millisecondsAPush(url: string, push: Post, seconds: number): Promise<number> {
  const pool = new Pool(url, { connections: 1 });
  await send(pool, push);
  const start = performance.now();
  let pushes = 0;
  while (pushes < 5 || performance.now() - start < seconds * 1000) {
    await send(pool, push);
    pushes += 1;
  }
  const elapsed = performance.now() - start;
  await pool.close();
  return elapsed / pushes;
}

async function send(pool: Pool, { path, headers, body }: Post): Promise<void> {
  const answer = await pool.request({ method: 'POST', path, headers, body });
  await answer.body.dump();
  if (answer.statusCode >= 300) throw new Error(`the gateway answered ${answer.statusCode}`);
}
