import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../../lib/errors.ts';
import { readPod } from '../../../lib/kubernetes/objects/pod.ts';
import { createDeduplicator } from '../../../lib/ledger/replay/deduplicate.ts';
import type { Restart } from '../../../lib/restarts/restart.ts';
import { podObject } from '../../fixtures/pods.ts';
import { knownRestart } from '../../fixtures/restart.ts';

const object = podObject();
const pod = readPod(object);
const inBackOff: Restart = { ...knownRestart, restartedAt: undefined };
const another: Restart = { ...knownRestart, container: 'another' };
const refused = new LedgerError('gateway-refused', { operation: 'a', subject: 'b', fact: 'c', remedy: 'd' });

/** A sink that fails as often as there are failures; the restarts that it was given, call by call. */
function taking(...failures: readonly unknown[]) {
  const given: (readonly Restart[])[] = [];
  const deduplicator = createDeduplicator(async ({ restarts }) => {
    const failure = failures[given.length];
    given.push(restarts);
    if (failure !== undefined) throw failure;
  });
  const take = (...restarts: readonly Restart[]) => deduplicator.take({ pod, object, restarts });
  return { take, given, count: deduplicator.count };
}

test('a restart is recorded once, and once more when the time of its new start becomes known', async () => {
  const { take, given, count } = taking();
  for (const restart of [inBackOff, inBackOff, knownRestart, knownRestart, inBackOff]) {
    assert.equal(await take(restart), undefined);
  }
  assert.deepEqual([given, count()], [[[inBackOff], [knownRestart]], 1]);
});

test('only new restarts of a Pod go to the sink', async () => {
  const { take, given, count } = taking();
  await take(knownRestart);
  await take(knownRestart, another);
  assert.deepEqual([given, count()], [[[knownRestart], [another]], 2]);
});

test('a duplicate of a call in flight fails with it', async () => {
  const { take, given, count } = taking(refused);
  const outcomes = await Promise.all([
    take(knownRestart),
    take(knownRestart),
    take(another),
    take(another, knownRestart),
  ]);
  assert.deepEqual(outcomes, [refused, refused, undefined, refused]);
  assert.deepEqual([given, count()], [[[knownRestart], [another]], 1]);
});

test('a restart that the sink did not accept is sent again when it comes again', async () => {
  const { take, given, count } = taking(refused);
  assert.deepEqual([await take(knownRestart), await take(knownRestart)], [refused, undefined]);
  assert.deepEqual([given.length, count()], [2, 1]);
});

test('a restart stays recorded when its later update fails', async () => {
  const { take, given, count } = taking(undefined, refused);
  assert.deepEqual(
    [await take(inBackOff), await take(knownRestart), await take(inBackOff), await take(knownRestart)],
    [undefined, refused, undefined, undefined],
  );
  assert.deepEqual([given, count()], [[[inBackOff], [knownRestart], [knownRestart]], 1]);
});

test('an unexpected error of the sink is not a refusal', async () => {
  const fault = new TypeError('a fault');
  await assert.rejects(taking(fault).take(knownRestart), fault);
});
