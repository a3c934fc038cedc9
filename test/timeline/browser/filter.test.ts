import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, createMatcher, filterOfAddress } from '../../../lib/timeline/browser/filter.ts';
import { decodeRestarts, encodeRestarts } from '../../../lib/timeline/timeline-data.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';

const now = 1_763_640_000;
const [known, other, lost] = decodeRestarts(
  encodeRestarts([
    knownRestart,
    {
      ...knownRestart,
      namespace: 'orders',
      workload: 'cart',
      pod: 'cart-0',
      reason: 'Error',
      node: 'worker-1',
    },
    { ...lostRestart, pod: 'lonely' },
  ]),
);
assert.ok(known && other && lost);

function found(search: string): readonly string[] {
  return [known, other, lost]
    .filter((restart) => restart !== undefined)
    .filter(createMatcher(filterOfAddress(search, now)))
    .map(({ lane }) => lane.pod);
}

const [checkout, cart, lonely] = ['checkout-7d4b9c6f5-x2x9k', 'cart-0', 'lonely'] as const;

for (const [search, pods] of [
  ['', [checkout, cart, lonely]],
  ['workload=shop/checkout', [checkout]],
  ['workload=checkout&workload=orders/cart', [checkout, cart]],
  ['workload=deployment/cart', [cart]],
  ['workload=shop/lonely', [lonely]],
  ['namespace=shop&reason=OOMKilled', [checkout]],
  ['var-workload=cart&var-reason=$__all&var-namespace=All&var-cluster=eu-1', [cart]],
  ['q=WORKER-2 oom', [checkout]],
  ['hide=Error&hide=OOMKilled', [lonely]],
  ['from=1763632802000&to=1763632802000', [checkout, cart]],
  ['from=2025-11-20T10:00:03Z', []],
  ['from=now-2h&to=now', [checkout, cart]],
  ['from=now-1h', []],
  ['from=now/d&to=now/d', [checkout, cart, lonely]],
] as const) {
  test(`?${search} shows ${pods.length === 0 ? 'nothing' : pods.join(', ')}`, () => {
    assert.deepEqual(found(search), pods);
    assert.deepEqual(found(addressOf(filterOfAddress(search, now))), pods, 'also as the page writes it back');
  });
}
