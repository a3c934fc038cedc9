import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInFlightLimit } from '../../lib/http/in-flight-limit.ts';

test('a finished request makes room below the limit, and refused requests do not count', () => {
  const changes: number[] = [];
  const { enter, leave } = createInFlightLimit(2, (inFlight) => changes.push(inFlight));
  enter();
  enter();
  for (let refused = 1; refused <= 2; refused += 1) {
    assert.throws(enter, {
      kind: 'overloaded',
      message:
        'accepting the request: 2 requests are in flight; send it again later, add replicas, or raise MAX_IN_FLIGHT',
    });
  }
  leave();
  enter();
  leave();
  leave();
  assert.deepEqual(changes, [1, 2, 1, 2, 1, 0]);
});
