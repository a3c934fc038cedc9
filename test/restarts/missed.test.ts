import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missedRestarts } from '../../lib/restarts/missed.ts';

function restarts(...ordinals: readonly number[]) {
  return ordinals.map((ordinal, index) => ({ ordinal, time: 1000 + index, pushedAt: undefined }));
}

const cases: [sentence: string, ...Parameters<typeof missedRestarts>, missed: number][] = [
  ['none in an unbroken sequence', { restarts: restarts(1, 2, 3), restartCount: 3, fromStart: true }, 0],
  ['the gaps', { restarts: restarts(1, 3, 7), restartCount: 7, fromStart: true }, 4],
  ['what the count is beyond the newest', { restarts: restarts(1, 2), restartCount: 6, fromStart: true }, 4],
  [
    'none in back-off, before it is counted',
    { restarts: restarts(1, 2), restartCount: 1, fromStart: true },
    0,
  ],
  ['the first ones, of a young Pod', { restarts: restarts(3), restartCount: 3, fromStart: true }, 2],
  [
    'not the first ones, where they may have been swept',
    { restarts: restarts(3), restartCount: 3, fromStart: false },
    0,
  ],
  ['all, where a young Pod has no record', { restarts: [], restartCount: 4, fromStart: true }, 4],
  ['none, where an old Pod has no record', { restarts: [], restartCount: 4, fromStart: false }, 0],
  [
    'the gaps of a Pod that is gone',
    { restarts: restarts(4, 6), restartCount: undefined, fromStart: false },
    1,
  ],
  [
    'nothing of what a kubelet has forgotten',
    { restarts: restarts(4, 5, 1, 2), restartCount: 2, fromStart: false },
    0,
  ],
  [
    'the gaps after a kubelet counts again',
    { restarts: restarts(5, 1, 3), restartCount: 4, fromStart: false },
    2,
  ],
];

const withoutTime = { ordinal: 2, time: undefined, pushedAt: 5000 };
cases.push(
  [
    'a restart without a time fills a gap',
    { restarts: [...restarts(1, 4), withoutTime], restartCount: 4, fromStart: true },
    1,
  ],
  [
    'a restart without a time fills the start',
    { restarts: [...restarts(3), withoutTime], restartCount: 3, fromStart: true },
    1,
  ],
  [
    'a restart without a time fills the end',
    { restarts: [...restarts(1), withoutTime], restartCount: 3, fromStart: true },
    1,
  ],
  [
    'what is beyond the only one, without a time',
    { restarts: [withoutTime], restartCount: 3, fromStart: false },
    1,
  ],
  [
    'what is before the only one, without a time',
    { restarts: [withoutTime], restartCount: 2, fromStart: true },
    1,
  ],
);

for (const [sentence, history, missed] of cases) {
  test(`missed: ${sentence}`, () => {
    assert.equal(missedRestarts(history), missed);
  });
}

test('restarts count in the order of their times, whatever order they come in', () => {
  const history = { restarts: restarts(1, 2, 4).toReversed(), restartCount: 4, fromStart: true };
  assert.equal(missedRestarts(history), 1);
});
