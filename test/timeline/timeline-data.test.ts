import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Restart, restartTime } from '../../lib/restarts/restart.ts';
import { decodeRestarts, encodeRestarts, type ShownRestart } from '../../lib/timeline/timeline-data.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

function shown(restart: Restart): ShownRestart {
  const { namespace, workloadType, workload, pod, uid, container, containerKind } = restart;
  const { ordinal, reason, exitCode, startedAt, finishedAt, restartedAt, node, image } = restart;
  const lane = { namespace, workloadType, workload, pod, uid, container, containerKind };
  return { lane, ordinal, reason, exitCode, startedAt, finishedAt, restartedAt, node, image };
}

const time = fc.option(fc.integer({ min: 0, max: 4_000_000_000 }), { nil: undefined });
const name = fc.constantFrom('', 'a', 'b', '</script>', '__proto__', '1,2');
const restart = fc
  .record({
    pod: name,
    container: name,
    node: name,
    image: name,
    reason: name,
    ordinal: fc.nat(),
    exitCode: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    startedAt: time,
    finishedAt: time,
    restartedAt: time,
  })
  .map((fields): Restart => ({ ...knownRestart, ...fields }));

test('what is decoded is what was encoded, in its order, whatever the texts and however little is known', () => {
  fc.assert(
    fc.property(fc.array(restart), (restarts) => {
      const sent: unknown = JSON.parse(JSON.stringify(encodeRestarts(restarts)));
      assert.deepEqual(sent, encodeRestarts(restarts));
      assert.deepEqual(decodeRestarts(encodeRestarts(restarts)), restarts.map(shown));
    }),
  );
});

test('the restarts of one container have the same lane, those of a Pod of the same name another', () => {
  const again = { ...knownRestart, ordinal: 6, node: 'elsewhere' };
  const replaced = { ...knownRestart, uid: 'another' };
  const [first, second, third, fourth] = decodeRestarts(
    encodeRestarts([knownRestart, again, replaced, lostRestart]),
  );
  assert.equal(first?.lane, second?.lane);
  assert.notEqual(first?.lane, third?.lane);
  assert.equal(fourth && restartTime(fourth), undefined);
});
