import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countRestarts } from '../../lib/restarts/count-restarts.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

const error = { ...knownRestart, reason: 'Error', finishedAt: 1_763_632_900 };
const restarts = [lostRestart, knownRestart, error, error, { ...error, namespace: 'a' }];

test('restarts are counted by workload, the largest count first, with their reasons and the newest time', () => {
  assert.deepEqual(countRestarts(restarts, 'workload'), [
    {
      name: 'shop/checkout',
      restarts: 3,
      reasons: [
        ['Error', 2],
        ['OOMKilled', 1],
      ],
      last: 1_763_632_900,
    },
    { name: 'a/checkout', restarts: 1, reasons: [['Error', 1]], last: 1_763_632_900 },
    {
      name: 'shop/checkout-7d4b9c6f5-x2x9k',
      restarts: 1,
      reasons: [['ContainerStatusUnknown', 1]],
      last: undefined,
    },
  ]);
});

test('they are counted by container, node, image, reason and namespace', () => {
  const names = (['container', 'node', 'image', 'reason', 'namespace'] as const).map((by) =>
    countRestarts(restarts, by).map(({ name, restarts: count }) => `${name} ${count}`),
  );
  assert.deepEqual(names, [
    ['shop/checkout/checkout 3', 'a/checkout/checkout 1', 'shop/checkout-7d4b9c6f5-x2x9k/checkout 1'],
    ['worker-2 4', ' 1'],
    ['registry.example.com/shop/checkout:2.14.0 4', ' 1'],
    ['Error 3', 'ContainerStatusUnknown 1', 'OOMKilled 1'],
    ['shop 4', 'a 1'],
  ]);
});
