import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../lib/errors.ts';
import { backOff, createOutageRetry, retry } from '../lib/retry.ts';

const parts = { operation: 'pushing to', subject: 'it', fact: 'it is unreachable', remedy: 'wait' };
const unavailable = new LedgerError('gateway-unavailable', parts);
const busy = new LedgerError('cluster-unavailable', parts, { retryAfterMilliseconds: 7000 });
const refused = new LedgerError('gateway-refused', parts);

/** A clock that advances only during `sleep`, and the maximum jitter. */
function controlledTiming() {
  const clock = { milliseconds: 1000 };
  const delays: number[] = [];
  return {
    clock,
    delays,
    random: () => 1,
    sleep: async (milliseconds: number) => {
      delays.push(milliseconds);
      clock.milliseconds += milliseconds;
    },
  };
}

/** An outage retry on such a clock, and its notices about the receiver. */
function controlledOutage(limitMilliseconds: number) {
  const { clock, delays, random, sleep } = controlledTiming();
  const notices: unknown[] = [];
  let ending = false;
  const retryThroughOutage = createOutageRetry({
    limitMilliseconds,
    nowMilliseconds: () => clock.milliseconds,
    sleep,
    random,
    isEnding: () => ending,
    onUnavailable: (failure) => notices.push(failure),
    onAvailable: (milliseconds) => notices.push(milliseconds),
  });
  const end = () => {
    ending = true;
  };
  return { retryThroughOutage, delays, notices, end };
}

/** Work that fails as often as there are failures and then gives its number of attempts. */
function failing(...failures: readonly unknown[]) {
  let attempts = 0;
  return async () => {
    const failure = failures[attempts];
    attempts += 1;
    if (failure !== undefined) throw failure;
    return attempts;
  };
}

function always(failure: unknown) {
  return async () => {
    throw failure;
  };
}

test('an exponential back-off doubles up to its maximum delay, with jitter in the upper half', () => {
  const options = { firstMilliseconds: 100, longestMilliseconds: 500 };
  assert.deepEqual(
    backOff(() => 0, options)
      .take(5)
      .toArray(),
    [50, 100, 200, 250, 250],
  );
  assert.deepEqual(
    backOff(() => 0.5, options)
      .take(5)
      .toArray(),
    [75, 150, 300, 375, 375],
  );
});

test('a retry waits for its back-off, or for the Retry-After of the response', async () => {
  const timing = controlledTiming();
  const work = failing(unavailable, unavailable, busy, unavailable);
  assert.equal(await retry(work, { ...timing, attempts: 5, longestMilliseconds: 1000 }), 5);
  assert.deepEqual(timing.delays, [500, 1000, 7000, 1000]);
});

test('a retry gives up after its maximum number of attempts, and at once on a failure that is not retryable', async () => {
  const timing = controlledTiming();
  await assert.rejects(retry(always(unavailable), { ...timing, attempts: 3 }), unavailable);
  await assert.rejects(retry(always(refused), { ...timing, attempts: 3 }), refused);
  await assert.rejects(retry(always(new TypeError('a fault')), { ...timing, attempts: 3 }), TypeError);
  assert.deepEqual(timing.delays, [500, 1000]);
});

test('work that succeeds is not retried', async () => {
  const { retryThroughOutage, delays, notices } = controlledOutage(60_000);
  assert.equal(await retryThroughOutage(failing()), 1);
  assert.deepEqual([delays, notices], [[], []]);
});

test('during an outage the delays double up to ten seconds, and the last one ends at the time limit', async () => {
  const { retryThroughOutage, delays, notices } = controlledOutage(60_000);
  await assert.rejects(retryThroughOutage(always(unavailable)), unavailable);
  assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000, 4250]);
  assert.deepEqual(notices, [unavailable]);
});

test('after the time limit each call is tried once, until one succeeds', async () => {
  const { retryThroughOutage, delays, notices } = controlledOutage(1000);
  await assert.rejects(retryThroughOutage(always(unavailable)), unavailable);
  delays.length = 0;
  await assert.rejects(retryThroughOutage(always(unavailable)), unavailable);
  assert.deepEqual(delays, []);
  assert.equal(await retryThroughOutage(failing()), 1);
  assert.equal(await retryThroughOutage(failing(unavailable, unavailable)), 3);
  assert.deepEqual(delays, [250, 500]);
  assert.deepEqual(notices, [unavailable, 1000, unavailable, 750]);
});

test('calls at the same time share one outage', async () => {
  const { retryThroughOutage, notices } = controlledOutage(60_000);
  const calls = [retryThroughOutage(failing(unavailable)), retryThroughOutage(failing(unavailable))];
  assert.deepEqual(await Promise.all(calls), [2, 2]);
  assert.deepEqual(notices, [unavailable, 500]);
});

test('a failure that is not retryable ends the call at once', async () => {
  const { retryThroughOutage, delays, notices } = controlledOutage(60_000);
  for (const failure of [refused, new TypeError('a fault')]) {
    await assert.rejects(retryThroughOutage(always(failure)), failure);
  }
  assert.deepEqual([delays, notices], [[], []]);
});

test('nothing is retried during shutdown, or with a time limit of zero', async () => {
  const ended = controlledOutage(60_000);
  ended.end();
  await assert.rejects(ended.retryThroughOutage(always(unavailable)), unavailable);
  const unlimited = controlledOutage(0);
  await assert.rejects(unlimited.retryThroughOutage(always(unavailable)), unavailable);
  assert.deepEqual([ended.delays, unlimited.delays], [[], []]);
});
