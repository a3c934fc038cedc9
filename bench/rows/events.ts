import { bareServer, emptyFunction, ledger, noGateway, startContender } from '../contender.ts';
import { podEvent, pods } from '../load/pod-events.ts';
import { throughput } from '../load/throughput.ts';
import type { Row } from '../report/row.ts';
import { type Effort, medians } from '../rounds.ts';

/** Events a second on one core: Pods without a termination, in binary mode. */
export async function eventRows({ rounds, seconds }: Effort): Promise<readonly Row[]> {
  await using product = await startContender(ledger(noGateway));
  await using bare = await startContender(bareServer);
  await using stock = await startContender(emptyFunction);
  const load = { posts: pods(300, false).map(podEvent), connections: 32 };
  for (const { url } of [product, bare, stock]) await throughput(url, load, seconds);
  const rate = await medians(rounds, {
    product: () => throughput(product.url, load, seconds),
    bare: () => throughput(bare.url, load, seconds),
    stock: () => throughput(stock.url, load, seconds),
  });
  const what = 'events, none with a restart';
  const value = rate('product');
  return [
    {
      what,
      unit: '/s',
      value,
      peer: { name: 'bare node:http, JSON.parse', value: rate('bare') },
      bound: { least: 0.7 },
    },
    {
      what,
      unit: '/s',
      value,
      peer: { name: 'faas-js-runtime, empty', value: rate('stock') },
      bound: { least: 2.2 },
    },
  ];
}
