import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../test/helpers/process.ts';
import { startPushgateway } from '../../test/helpers/real-services.ts';
import { ledger, relay, startContender, testedCore } from '../contender.ts';
import { latencyAtRate } from '../load/latency-at-rate.ts';
import { type Post, podEvent, pods, pushesOf } from '../load/pod-events.ts';
import { throughput } from '../load/throughput.ts';
import type { Row } from '../report/row.ts';
import { short } from '../report/tables.ts';
import { type Effort, medians } from '../rounds.ts';

const connections = 32;

/**
 * Restarts a second, each pushed to a real Pushgateway, and the latency at half of that, beside a relay that reads, parses and
 * pushes a text that is ready to send. What the pushes alone could reach stands there for information.
 */
export async function restartRows({ rounds, seconds }: Effort): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-restarts-'));
  try {
    return await measuredRestarts({ rounds, seconds }, join(folder, 'pushes.json'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measuredRestarts(
  { rounds, seconds }: Pick<Effort, 'rounds' | 'seconds'>,
  file: string,
): Promise<readonly Row[]> {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  const restarted = pods(300, true);
  const events = { posts: restarted.map(podEvent), connections };
  const pushes = (await Promise.all(restarted.map(pushesOf))).flat();
  await writeFile(file, JSON.stringify(pushes));
  await using product = await startContender(ledger(gateway.url));
  await using relaying = await startContender(relay(gateway.url, file, connections));

  for (const { url } of [product, relaying]) await throughput(url, events, seconds);
  const rate = await medians(rounds, {
    product: () => throughput(product.url, events, seconds),
    relay: () => throughput(relaying.url, events, seconds),
    bare: () => barePushes(gateway.url, pushes, seconds),
  });
  const half = rate('product') / 2;
  const latency = await medians(rounds, {
    product: () => latencyAtRate(product.url, { ...events, rate: half, seconds }),
    relay: () => latencyAtRate(relaying.url, { ...events, rate: half, seconds }),
  });
  const what = 'restarts, each pushed';
  return [
    {
      what,
      unit: '/s',
      value: rate('product'),
      peer: { name: 'bare relay', value: rate('relay') },
      bound: { least: 0.9 },
    },
    {
      what,
      unit: '/s',
      value: rate('product'),
      peer: { name: 'the pushes alone', value: rate('bare') },
    },
    {
      what: `p99 with a push, at ${short(half)}/s`,
      unit: 'ms',
      value: latency('product'),
      peer: { name: 'bare relay at that rate', value: latency('relay') },
      bound: { most: 1.3 },
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
