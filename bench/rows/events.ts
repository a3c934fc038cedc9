import { bareServer, emptyFunction, ledger, noGateway, startContender } from '../contender.ts';
import { podEvent, pods, withCompletedInit } from '../load/pod-events.ts';
import { throughput } from '../load/throughput.ts';
import type { Row } from '../report/row.ts';
import { type Effort, medians } from '../rounds.ts';

/**
 * Events a second on one core, in binary mode: of Pods without a termination, and of Pods of which every second one has an init
 * container that has completed, so that they must be parsed.
 */
export async function eventRows({ rounds, seconds }: Effort): Promise<readonly Row[]> {
  await using product = await startContender(ledger(noGateway));
  await using bare = await startContender(bareServer);
  await using stock = await startContender(emptyFunction);
  const plain = pods(300, false);
  const load = { posts: plain.map(podEvent), connections: 32 };
  const completed = plain.map((pod, index) => (index % 2 === 0 ? withCompletedInit(pod) : pod));
  const parsedLoad = { posts: completed.map(podEvent), connections: 32 };
  for (const { url } of [product, bare, stock]) await throughput(url, load, seconds);
  await throughput(product.url, parsedLoad, seconds);
  const rate = await medians(rounds, {
    product: () => throughput(product.url, load, seconds),
    bare: () => throughput(bare.url, load, seconds),
    stock: () => throughput(stock.url, load, seconds),
    productParsed: () => throughput(product.url, parsedLoad, seconds),
    bareParsed: () => throughput(bare.url, parsedLoad, seconds),
  });
  const what = 'events, none with a restart';
  const value = rate('product');
  const peer = 'bare node:http, JSON.parse';
  return [
    { what, unit: '/s', value, peer: { name: peer, value: rate('bare') }, bound: { least: 1.4 } },
    {
      what,
      unit: '/s',
      value,
      peer: { name: 'faas-js-runtime, empty', value: rate('stock') },
      bound: { least: 3.5 },
    },
    {
      what: 'events, half with a completed init container',
      unit: '/s',
      value: rate('productParsed'),
      peer: { name: peer, value: rate('bareParsed') },
      bound: { least: 0.95 },
    },
  ];
}
