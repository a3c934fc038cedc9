import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../bench/recall/scoring/container-runs.ts';
import type { RestartRecord } from '../../../bench/recall/scoring/records.ts';
import { type Account, type Score, score, trueRestarts } from '../../../bench/recall/scoring/score.ts';

const pod = { namespace: 'scenarios', pod: 'crash-0', uid: 'u1', container: 'crash' };

function run(id: string, differences: Partial<Run> = {}): Run {
  const end = { endedAt: 100.4, exitCode: 1 };
  return { id, ...pod, createdAt: 99, ...end, startedAt: 99, outOfMemory: false, ...differences };
}

function record(
  containerId: string,
  ordinal: number,
  differences: Partial<RestartRecord> = {},
): RestartRecord {
  return { ...pod, ordinal, endedAt: 100, exitCode: 1, reason: 'Error', containerId, ...differences };
}

function account(runs: readonly Run[], deletedAt?: number): Account {
  return {
    runs,
    deletions: new Map(deletedAt === undefined ? [] : [[pod.uid, deletedAt]]),
    restartedAfter: new Map([['crash', [1]]]),
  };
}

const nothing = { trueRestarts: 2, onRecord: 0, twice: 0, wrong: 0, invented: 0, awaited: 0 };
const three = [run('a'), run('b'), run('c')];

function counts({ findings: _, ...counted }: Score) {
  return counted;
}

test('every container but the last of its name in a Pod is a restart, in order', () => {
  const other = run('z', { uid: 'u2' });
  assert.deepEqual(
    trueRestarts([three[0], other, three[1], three[2]].filter((each) => each !== undefined)).map(
      ({ run: { id }, ordinal }) => [id, ordinal],
    ),
    [
      ['a', 1],
      ['b', 2],
    ],
  );
});

test('a record of each restart is full recall', () => {
  const found = score(account(three), [record('b', 2), record('a', 1)]);
  assert.deepEqual(found, { ...nothing, onRecord: 2, findings: [] });
});

test('a restart without a record is missing', () => {
  assert.deepEqual(score(account(three), [record('a', 1)]), {
    ...nothing,
    onRecord: 1,
    findings: ['lacks: scenarios/crash-0 crash #2, ended with 1 at 100.4, b'],
  });
});

test('a second record of a restart counts as a duplicate, under any number', () => {
  const found = score(account(three), [record('a', 1), record('a', 2)]);
  assert.deepEqual(counts(found), { ...nothing, onRecord: 1, twice: 1, wrong: 1 });
});

test('another number, exit code, time or reason is wrong', () => {
  const runs = [run('a', { outOfMemory: true, exitCode: 137 }), run('b'), run('c')];
  for (const differences of [{ ordinal: 2 }, { exitCode: 1 }, { endedAt: 102 }, { reason: 'Error' }]) {
    const right = record('a', 1, { exitCode: 137, reason: 'OOMKilled' });
    assert.equal(score(account(runs), [right]).wrong, 0);
    const found = score(account(runs), [{ ...right, ...differences }]);
    assert.deepEqual(counts(found), { ...nothing, onRecord: 1, wrong: 1 });
  }
});

test('a record of a termination whose restart was still to come is awaited', () => {
  const found = score(account(three), [record('c', 3)]);
  assert.deepEqual(counts(found), { ...nothing, awaited: 1 });
});

test('a record is invented that no container has, whose exit code is final, or whose Pod was being deleted', () => {
  const invented = { ...nothing, invented: 1 };
  assert.deepEqual(counts(score(account(three), [record('x', 1)])), invented);
  const final = [run('a'), run('b'), run('c', { exitCode: 0 })];
  assert.deepEqual(counts(score(account(final), [record('c', 3)])), invented);
  assert.deepEqual(counts(score(account(three, 90), [record('c', 3)])), invented);
  assert.deepEqual(counts(score(account(three, 110), [record('c', 3)])), { ...nothing, awaited: 1 });
});

test('a record without a container ID is compared with the restart of its number', () => {
  const found = score(account(three), [record('', 2), record('', 9)]);
  assert.deepEqual(counts(found), { ...nothing, onRecord: 1, invented: 1 });
});

test('a container that could not be started is compared by its status', () => {
  const { startedAt: _, endedAt: __, exitCode: ___, ...unstarted } = run('a');
  const found = score(account([unstarted, run('b'), run('c')]), [record('a', 1, { exitCode: 128 })]);
  assert.deepEqual(counts(found), { ...nothing, onRecord: 1 });
});

test('an interrupted start may be 137 to containerd and a failed start to the kubelet', () => {
  const runs = [run('a', { exitCode: 137 }), run('b'), run('c')];
  const broken = { exitCode: 128, reason: 'StartError' };
  assert.equal(score(account(runs), [record('a', 1, broken)]).wrong, 0);
  const long = [run('a', { exitCode: 137, startedAt: 90 }), run('b'), run('c')];
  assert.equal(score(account(long), [record('a', 1, broken)]).wrong, 1);
});
