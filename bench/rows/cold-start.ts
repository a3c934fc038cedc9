import { bareServer, emptyFunction, ledger, noGateway, type Program, startContender } from '../contender.ts';
import type { Row } from '../report/row.ts';
import { type Effort, medians } from '../rounds.ts';

/** From the start of the process to its first 204 for a Pod event. */
export async function coldStartRows({ starts }: Effort): Promise<readonly Row[]> {
  const milliseconds = await medians(starts, {
    product: () => startOf(ledger(noGateway)),
    bare: () => startOf(bareServer),
    stock: () => startOf(emptyFunction),
  });
  const what = 'cold start: spawn to the first 204';
  const value = milliseconds('product');
  return [
    {
      what,
      unit: 'ms',
      value,
      peer: { name: 'bare node:http, JSON.parse', value: milliseconds('bare') },
      bound: { most: 1.25 },
    },
    {
      what,
      unit: 'ms',
      value,
      peer: { name: 'faas-js-runtime, empty', value: milliseconds('stock') },
      bound: { most: 0.6 },
    },
  ];
}

async function startOf(program: Program): Promise<number> {
  await using contender = await startContender(program);
  return contender.coldStart * 1000;
}
