import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../lib/errors.ts';
import { createPatience } from '../lib/retry.ts';

const parts = { operation: 'pushing to', subject: 'it', fact: 'it is away', remedy: 'wait' };
const away = new LedgerError('gateway-unavailable', parts);
const refused = new LedgerError('gateway-refused', parts);

/** A clock that moves only while somebody sleeps. */
function fakeTime(limit: number) {
  let now = 1000;
  let ending = false;
  const pauses: number[] = [];
  const told: unknown[] = [];
  const withPatience = createPatience({
    limit,
    now: () => now,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
    isEnding: () => ending,
    onAway: (failure) => told.push(failure),
  });
  return {
    withPatience,
    pauses,
    told,
    end: () => {
      ending = true;
    },
  };
}

/** Work that fails as often as there are failures and then gives its number of tries. */
function failing(...failures: readonly unknown[]) {
  let tries = 0;
  return async () => {
    const failure = failures[tries];
    tries += 1;
    if (failure !== undefined) throw failure;
    return tries;
  };
}

function always(failure: unknown) {
  return async () => {
    throw failure;
  };
}

test('work that is done is not tried again', async () => {
  const { withPatience, pauses, told } = fakeTime(60_000);
  assert.equal(await withPatience(failing()), 1);
  assert.deepEqual([pauses, told], [[], []]);
});

test('the pauses double up to ten seconds, and the last one ends at the limit', async () => {
  const { withPatience, pauses, told } = fakeTime(60_000);
  await assert.rejects(withPatience(always(away)), away);
  assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000, 4250]);
  assert.deepEqual(told, [away]);
});

test('after the limit each call is tried just once, until one succeeds', async () => {
  const { withPatience, pauses, told } = fakeTime(1000);
  await assert.rejects(withPatience(always(away)), away);
  pauses.length = 0;
  await assert.rejects(withPatience(always(away)), away);
  assert.deepEqual(pauses, []);
  assert.equal(await withPatience(failing()), 1);
  assert.equal(await withPatience(failing(away, away)), 3);
  assert.deepEqual(
    [pauses, told],
    [
      [250, 500],
      [away, away],
    ],
  );
});

test('calls at the same time share one absence', async () => {
  const { withPatience, told } = fakeTime(60_000);
  assert.deepEqual(await Promise.all([withPatience(failing(away)), withPatience(failing(away))]), [2, 2]);
  assert.deepEqual(told, [away]);
});

test('what will not work later is not tried again', async () => {
  const { withPatience, pauses, told } = fakeTime(60_000);
  for (const failure of [refused, new TypeError('a fault')]) {
    await assert.rejects(withPatience(always(failure)), failure);
  }
  assert.deepEqual([pauses, told], [[], []]);
});

test('nothing is tried again when the work is to end, or the limit is none', async () => {
  const ended = fakeTime(60_000);
  ended.end();
  await assert.rejects(ended.withPatience(always(away)), away);
  const impatient = fakeTime(0);
  await assert.rejects(impatient.withPatience(always(away)), away);
  assert.deepEqual([ended.pauses, impatient.pauses], [[], []]);
});
