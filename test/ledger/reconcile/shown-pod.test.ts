import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShownPod } from '../../../lib/ledger/reconcile/shown-pod.ts';
import { containerStatus, podObject, termination } from '../../fixtures/pods.ts';

/** Its restart number 5 stands in `lastState`, number 6 in `state`, 17 s later. */
const endedAgain = containerStatus({
  state: {
    terminated: termination({
      containerID: 'containerd://c8b8ee28ca0a',
      startedAt: '2025-11-20T10:00:12Z',
      finishedAt: '2025-11-20T10:00:19Z',
    }),
  },
});
const pod = podObject({ status: { containerStatuses: [endedAgain] } });
const [fifth, sixth] = [1_763_632_802, 1_763_632_819];

for (const [sentence, keptFrom, kept, past] of [
  ['both restarts of a container are to be recorded', fifth, [5, 6], []],
  ['of two restarts only the one within retention is', sixth, [6], [5]],
  ['of two restarts past retention both fill their gaps', sixth + 1, [], [5, 6]],
] as const) {
  test(sentence, () => {
    const shown = readShownPod(pod, (time) => time === undefined || time >= keptFrom);
    assert.deepEqual(
      shown.restarts.map(({ ordinal }) => ordinal),
      kept,
    );
    const times = { 5: fifth, 6: sixth };
    assert.deepEqual(
      shown.containers.map((container) => container.past),
      [past.map((ordinal) => ({ ordinal, time: times[ordinal], pushedAt: undefined }))],
    );
  });
}

test('a container that has ended for the first time has one restart, and none before it', () => {
  const firstCrash = { ...endedAgain, restartCount: 0, lastState: {} };
  const shown = readShownPod(podObject({ status: { containerStatuses: [firstCrash] } }), () => true);
  assert.deepEqual(
    [shown.restarts.map(({ ordinal }) => ordinal), shown.containers.map(({ restartCount }) => restartCount)],
    [[1], [0]],
  );
});
