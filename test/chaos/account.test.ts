import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedSeries } from '../helpers/expected-series.ts';
import type { ShownRestart } from '../helpers/kubelet-model.ts';
import { type Account, accountOf, type Delivered, isRecordedLine, type PossibleLoss } from './account.ts';

const plan = {
  namespace: 'shop',
  name: 'web-0',
  node: 'worker-1',
  restartPolicy: 'Always',
  containers: [{ name: 'app', kind: 'container' }],
  restartsInPlace: false,
} as const;

function restart(fields: Partial<ShownRestart> = {}): ShownRestart {
  return {
    plan,
    uid: 'u1',
    container: 'app',
    kind: 'container',
    image: 'app:1',
    restartedAt: undefined,
    stateName: 'waiting',
    isPresent: false,
    ordinal: 1,
    run: 'containerd://1',
    containerId: 'containerd://1',
    exitCode: 1,
    reason: 'Error',
    startedAt: 1_000_000,
    finishedAt: 2_000_000,
    ...fields,
  };
}

const job = 'chaos';
const linesOf = (...shown: readonly ShownRestart[]) => expectedSeries(shown, job).filter(isRecordedLine);
const nothing: Account = {
  shown: 1,
  accountable: 1,
  recorded: 1,
  lostByFunction: [],
  lostByKill: [],
  lostInOrderlyRestart: [],
  twice: [],
  wrong: [],
  invented: [],
};

function account(
  delivered: readonly Delivered[],
  stored: readonly string[],
  ...ends: readonly PossibleLoss[]
): Account {
  return accountOf(delivered, stored, ends, job);
}

const name = 'shop/web-0/u1/app/1_2000';
const kill: PossibleLoss = { by: 'kill', at: 20, held: { since: 10, lines: new Set<string>() } };
const orderly: PossibleLoss = {
  by: 'orderly restart',
  at: 40,
  held: { since: 30, lines: new Set<string>() },
};
const event: Delivered = { shown: [restart()], acknowledged: [{ from: 12, to: 15 }] };

test('a record that is as the events showed it', () => {
  assert.deepEqual(account([event], linesOf(restart())), nothing);
});

test('a missing record is excused by an end of the gateway only when each of its acknowledgements may have come too late', () => {
  const missing = { ...nothing, accountable: 0, recorded: 0 };
  assert.deepEqual(account([event], [], kill), { ...missing, lostByKill: [name] });
  assert.deepEqual(account([event], []), { ...missing, accountable: 1, lostByFunction: [name] });
  for (const [acknowledged, lost] of [
    [{ from: 1, to: 9 }, 'lostByFunction'],
    [{ from: 1, to: 10 }, 'lostByKill'],
    [{ from: 20, to: 25 }, 'lostByKill'],
    [{ from: 21, to: 25 }, 'lostByFunction'],
    [{ from: 31, to: 33 }, 'lostInOrderlyRestart'],
  ] as const) {
    const again = { ...event, acknowledged: [acknowledged] };
    const accountable = lost === 'lostByFunction' ? 1 : 0;
    assert.deepEqual(account([event, again], [], kill, orderly), { ...missing, accountable, [lost]: [name] });
  }
});

test('a record that the gateway held is lost by the last of the ends before which it held it', () => {
  const missing = { ...nothing, recorded: 0 };
  const early = [{ ...event, acknowledged: [{ from: 1, to: 5 }] }];
  const holding = (end: PossibleLoss) => ({
    ...end,
    held: { ...end.held, lines: new Set(linesOf(restart())) },
  });
  assert.deepEqual(account(early, [], kill, orderly), { ...missing, lostByFunction: [name] });
  assert.deepEqual(account(early, [], holding(kill), orderly), { ...missing, lostByKill: [name] });
  assert.deepEqual(account(early, [], holding(kill), holding(orderly)), {
    ...missing,
    lostInOrderlyRestart: [name],
  });
});

test('a part that was lost before is not lost again with the rest that the gateway held', () => {
  const first = restart({ finishedAt: undefined });
  const later = restart({ finishedAt: undefined, restartedAt: 3_000_000 });
  const events = [
    { shown: [first], acknowledged: [{ from: 1, to: 2 }] },
    { shown: [later], acknowledged: [{ from: 12, to: 15 }] },
  ];
  const rest = { ...orderly, held: { since: 30, lines: new Set(linesOf(first)) } };
  assert.deepEqual(account(events, linesOf(first), kill, rest), {
    ...nothing,
    lostByKill: ['shop/web-0/u1/app/1_0'],
  });
});

test('a part of a record that a later event added is missing by itself', () => {
  const first = restart({ finishedAt: undefined });
  const later = restart({ finishedAt: undefined, restartedAt: 3_000_000 });
  const events = [
    { shown: [first], acknowledged: [{ from: 1, to: 2 }] },
    { shown: [later], acknowledged: [{ from: 12, to: 15 }] },
  ];
  assert.deepEqual(account(events, linesOf(first), kill), {
    ...nothing,
    lostByKill: ['shop/web-0/u1/app/1_0'],
  });
  assert.deepEqual(account(events, linesOf(later), kill), nothing);
});

test('a record that says something else is wrong, and one of what was not shown is invented', () => {
  assert.deepEqual(account([event], linesOf(restart({ reason: 'OOMKilled' })), kill), {
    ...nothing,
    accountable: 0,
    wrong: [name],
  });
  assert.deepEqual(account([event], linesOf(restart(), restart({ ordinal: 2 }))), {
    ...nothing,
    invented: ['shop/web-0/u1/app/2_2000'],
  });
});

test('an end that no restart follows is invented when it is recorded', () => {
  const shown = [restart({ ordinal: 0 })];
  assert.deepEqual(account([{ ...event, shown }], linesOf(restart())), {
    ...nothing,
    shown: 0,
    accountable: 0,
    recorded: 0,
    invented: [name],
  });
});

test('one run of a container under two identities is recorded twice', () => {
  const [one, other] = [restart(), restart({ ordinal: 2 })];
  assert.deepEqual(account([{ ...event, shown: [one, other] }], linesOf(one, other)), {
    ...nothing,
    shown: 2,
    accountable: 2,
    recorded: 2,
    twice: [`${name} and shop/web-0/u1/app/2_2000`],
  });
});
