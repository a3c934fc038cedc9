import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRestarts, ratePerDay } from '../../lib/restarts/compare-restarts.ts';
import type { Restart } from '../../lib/restarts/restart.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

const day = 86_400;
const at = 1_763_000_000;

function endedAt(seconds: number, more: Partial<Restart> = {}): Restart {
  return { ...knownRestart, finishedAt: at + seconds, image: '', ...more };
}

test('restarts are compared by workload and reason, as counts, rates and images', () => {
  const restarts = [
    lostRestart,
    endedAt(-5 * day),
    endedAt(-3 * day, { image: 'checkout:1' }),
    endedAt(-2 * day, { image: 'checkout:1' }),
    endedAt(-day, { image: 'checkout:2' }),
    endedAt(-1, { reason: 'Error' }),
    endedAt(0, { image: 'checkout:3' }),
    endedAt(day, { namespace: 'a', image: 'checkout:3' }),
    endedAt(2 * day + 1),
  ];
  const none = { restarts: 0, perDay: 0, images: [] };
  assert.deepEqual(compareRestarts(restarts, { since: at - 4 * day, at, until: at + 2 * day }), [
    {
      workload: 'shop/checkout',
      reason: 'OOMKilled',
      before: { restarts: 3, perDay: 0.75, images: ['checkout:1', 'checkout:2'] },
      after: { restarts: 1, perDay: 0.5, images: ['checkout:3'] },
    },
    {
      workload: 'a/checkout',
      reason: 'OOMKilled',
      before: none,
      after: { restarts: 1, perDay: 0.5, images: ['checkout:3'] },
    },
    {
      workload: 'shop/checkout',
      reason: 'Error',
      before: { restarts: 1, perDay: 0.25, images: [] },
      after: none,
    },
  ]);
});

test('the rate of a short period is no larger than that of an hour', () => {
  assert.deepEqual([ratePerDay(1, day), ratePerDay(1, 3600), ratePerDay(1, 1)], [1, 24, 24]);
});
