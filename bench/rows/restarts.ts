import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../test/helpers/process.ts';
import { startPushgateway } from '../../test/helpers/real-services.ts';
import { ledger, startContender, testedCore } from '../contender.ts';
import { latencyAtRate } from '../load/latency-at-rate.ts';
import { type Post, podEvent, pods, pushesOf } from '../load/pod-events.ts';
import { throughput } from '../load/throughput.ts';
import type { Row } from '../report/row.ts';
import { short } from '../report/tables.ts';
import { type Effort, medians } from '../rounds.ts';

const connections = 32;

/** Restarts a second, each pushed to a real Pushgateway, and the latency at half of that. */
export async function restartRows({ rounds, seconds }: Effort): Promise<readonly Row[]> {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await using product = await startContender(ledger(gateway.url));
  const restarted = pods(300, true);
  const events = { posts: restarted.map(podEvent), connections };
  const pushes = { posts: (await Promise.all(restarted.map(pushesOf))).flat(), connections };

  await throughput(product.url, events, seconds);
  const rate = await medians(rounds, {
    product: () => throughput(product.url, events, seconds),
    bare: () => barePushes(gateway.url, pushes.posts, seconds),
  });
  const half = rate('product') / 2;
  const latency = await medians(rounds, {
    product: () => latencyAtRate(product.url, { ...events, rate: half, seconds }),
    gateway: () => latencyAtRate(gateway.url, { ...pushes, rate: half, seconds }),
  });
  return [
    {
      what: 'restarts, each pushed',
      unit: '/s',
      value: rate('product'),
      peer: { name: 'the pushes alone', value: rate('bare') },
      bound: { least: 0.8 },
    },
    {
      what: `p99 with a push, at ${short(half)}/s`,
      unit: 'ms',
      value: latency('product'),
      peer: { name: 'the gateway at that rate', value: latency('gateway') },
      bound: { most: 2 },
    },
  ];
}

async function barePushes(url: string, pushes: readonly Post[], seconds: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-pushes-'));
  try {
    const file = join(folder, 'work.json');
    await writeFile(file, JSON.stringify({ url, connections, warmUp: 1, seconds, pushes }));
    const parameters = ['-c', testedCore, process.execPath, 'bench/peers/bare-pusher.js', file];
    const { code, stdout, stderr } = await runProgram('taskset', parameters);
    assert.equal(code, 0, stderr);
    return Number(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}
