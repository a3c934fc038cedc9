import { startPushgateway } from '../../test/helpers/real-services.ts';
import { type Contender, ledger, startContender } from '../contender.ts';
import { podEvent, pods } from '../load/pod-events.ts';
import { sendMany } from '../load/throughput.ts';
import type { Row } from '../report/row.ts';
import { short } from '../report/tables.ts';
import { type Effort, median } from '../rounds.ts';

/** Memory after many events, 1 in 20 with a restart, and how much of it the second half has brought. */
export async function memoryRows({ events }: Effort): Promise<readonly Row[]> {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await using product = await startContender(ledger(gateway.url));
  const load = { posts: [...pods(285, false), ...pods(15, true)].map(podEvent), connections: 32 };
  const half = () => residentWhile(product, () => sendMany(product.url, load, events / 2));
  const first = await half();
  const second = await half();
  return [
    {
      what: `resident memory after ${short(events)} events`,
      unit: 'MB',
      value: second,
      bound: { most: 90 },
    },
    {
      what: 'its growth over the second half',
      unit: '%',
      value: (second / first - 1) * 100,
      bound: { most: 3 },
    },
  ];
}

const interval = 100;

/** Memory swings with each garbage collection: the median over the last half of the work, in MB. */
async function residentWhile(contender: Contender, work: () => Promise<void>): Promise<number> {
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(contender.memory()), interval);
  try {
    await work();
  } finally {
    clearInterval(sampling);
  }
  return median([...samples.slice(samples.length / 2), contender.memory()]);
}
