import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from '../../lib/http/turns.ts';

/** Turns of the event loop that the test takes. */
function startTurns(limit: number) {
  const later: (() => void)[] = [];
  const turns = createTurns(limit, (callback) => later.push(callback));
  const entered: string[] = [];
  return {
    turns,
    entered,
    enter(name: string, bytes: number) {
      void turns.enter(bytes).then(() => entered.push(name));
    },
    async nextTurn() {
      later.shift()?.();
      await Promise.resolve();
    },
    get scheduled() {
      return later.length;
    },
  };
}

test('requests enter in their order, one in each turn of the event loop, up to the limit', async () => {
  const { turns, entered, enter, nextTurn } = startTurns(10);
  enter('a', 4);
  enter('b', 6);
  enter('c', 1);
  assert.deepEqual(entered, []);
  await nextTurn();
  assert.deepEqual(entered, ['a']);
  await nextTurn();
  assert.deepEqual(entered, ['a', 'b']);
  await nextTurn();
  assert.deepEqual(entered, ['a', 'b']);
  turns.leave(4);
  await nextTurn();
  assert.deepEqual(entered, ['a', 'b', 'c']);
});

test('a request that is larger than the limit enters when it is the only one', async () => {
  const { turns, entered, enter, nextTurn } = startTurns(10);
  enter('small', 1);
  enter('large', 11);
  enter('next', 1);
  await nextTurn();
  await nextTurn();
  assert.deepEqual(entered, ['small']);
  turns.leave(1);
  await nextTurn();
  await nextTurn();
  assert.deepEqual(entered, ['small', 'large']);
  turns.leave(11);
  await nextTurn();
  assert.deepEqual(entered, ['small', 'large', 'next']);
});

test('after a large body others have turns in proportion to its bytes before the next one enters', async () => {
  const { turns, entered, enter, nextTurn } = startTurns(2 ** 20);
  enter('large', 4 * 16_384);
  await nextTurn();
  turns.leave(4 * 16_384);
  enter('next', 1);
  for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  assert.deepEqual(entered, ['large']);
  await nextTurn();
  assert.deepEqual(entered, ['large', 'next']);
});

test('nothing is scheduled where nothing waits', async () => {
  const started = startTurns(10);
  started.enter('a', 1);
  assert.equal(started.scheduled, 1);
  await started.nextTurn();
  started.turns.leave(1);
  assert.equal(started.scheduled, 0);
});
