import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { LedgerError } from '../../lib/errors.ts';
import { readPod } from '../../lib/kubernetes/objects/pod.ts';
import { type WatchDependencies, watchRestarts } from '../../lib/ledger/watch-restarts.ts';
import type { PodObservation } from '../../lib/restarts/pod-observation.ts';
import { restartsOf } from '../../lib/restarts/restart.ts';
import { crashLoopingPod, podObject, restartedPod } from '../fixtures/pods.ts';

/** When the containers of the fixtures ended, in Unix seconds. */
const endedAt = 1_763_632_802;

const refusal = new LedgerError('sink-refused', {
  operation: 'sending to',
  subject: 'the sink',
  fact: 'it answered 400',
  remedy: 'read its reason',
});

async function* stream(...pods: readonly unknown[]): AsyncGenerator<unknown, void, void> {
  yield* pods;
}

/** Watches to the end of the Pods, with retention for an hour; what was delivered and what was refused. */
async function watched(pods: AsyncIterable<unknown>, given: Partial<WatchDependencies> = {}) {
  const delivered: PodObservation[] = [];
  const refused: string[] = [];
  await watchRestarts(pods, {
    deliver: async (observation) => {
      delivered.push(observation);
    },
    retention: { seconds: 3600 },
    nowSeconds: () => endedAt,
    onRefused: (failure) => refused.push(failure.message),
    ...given,
  });
  return { delivered, refused };
}

test('Pods that show restarts are delivered, with the unchanged object', async () => {
  const pod = restartedPod(['cart', 'checkout']);
  const { delivered, refused } = await watched(stream(podObject(), pod, 'no object'));
  const read = readPod(pod);
  assert.deepEqual(delivered, [{ pod: read, object: pod, restarts: restartsOf(read) }]);
  assert.equal(delivered[0]?.restarts.length, 2);
  assert.deepEqual(refused, []);
});

test('a restart is delivered up to the end of its retention, and not after it', async () => {
  const lastSecond = await watched(stream(crashLoopingPod()), { nowSeconds: () => endedAt + 3600 });
  const after = await watched(stream(crashLoopingPod()), { nowSeconds: () => endedAt + 3601 });
  assert.deepEqual([lastSecond.delivered.length, after.delivered.length], [1, 0]);
});

test('an invalid Pod, and one that the sink refuses, are reported, and the others are delivered', async () => {
  const names: string[] = [];
  const { refused } = await watched(
    stream(
      restartedPod(['app'], { name: 'No Name' }),
      restartedPod(['app'], { name: 'refused' }),
      restartedPod(['app'], { name: 'good' }),
    ),
    {
      deliver: async ({ pod }) => {
        if (pod.name === 'refused') throw refusal;
        names.push(pod.name);
      },
    },
  );
  assert.deepEqual(names, ['good']);
  assert.equal(refused.length, 2);
  assert.match(refused[0] ?? '', /^reading metadata\.name: "No Name" is not a DNS name/);
  assert.equal(refused[1], refusal.message);
});

test('an error other than a LedgerError ends the watch', async () => {
  const fault = new TypeError('a bug');
  const deliver = async () => {
    throw fault;
  };
  await assert.rejects(watched(stream(crashLoopingPod()), { deliver }), fault);
});

test('a failure of the watch ends it', async () => {
  const failure = new LedgerError('cluster-forbidden', refusal.parts);
  async function* broken(): AsyncGenerator<unknown, void, void> {
    yield crashLoopingPod();
    throw failure;
  }
  await assert.rejects(watched(broken()), failure);
});

test('back-pressure: while 64 Pods are being delivered no more are read, and all are delivered in the end', async () => {
  const release = Promise.withResolvers<void>();
  let read = 0;
  let delivered = 0;
  async function* endless(): AsyncGenerator<unknown, void, void> {
    while (read < 200) {
      read += 1;
      yield restartedPod(['app'], { name: `pod-${read}` });
    }
  }
  const watching = watched(endless(), {
    deliver: async () => {
      await release.promise;
      delivered += 1;
    },
  });
  for (let turn = 0; turn < 1000; turn += 1) await setImmediate();
  assert.deepEqual([read, delivered], [64, 0]);
  release.resolve();
  await watching;
  assert.equal(delivered, 200);
});
