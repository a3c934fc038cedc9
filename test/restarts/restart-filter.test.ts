import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRestartFilter, type RestartNames } from '../../lib/restarts/restart-filter.ts';
import { knownRestart, lostRestart } from '../fixtures/restart.ts';

/** Whether the known restart is among those with these names. */
function admits(names: RestartNames): boolean {
  return createRestartFilter(names)(knownRestart);
}

test('a restart has one name of each list that is given', () => {
  assert.ok(admits({}));
  assert.ok(
    admits({ namespace: ['web', 'shop'], pod: ['checkout-7d4b9c6f5-x2x9k'], container: ['checkout'] }),
  );
  assert.ok(!admits({ namespace: ['shop'], container: ['proxy'] }));
  assert.ok(!admits({ namespace: ['sho'] }));
  assert.ok(!admits({ namespace: [] }));
});

test('a workload is named with its kind or without, a reason in any case, and a star stands for any text', () => {
  assert.ok(admits({ workload: ['checkout'] }));
  assert.ok(admits({ workload: ['deployment/checkout'] }));
  assert.ok(!admits({ workload: ['statefulset/checkout'] }));
  assert.ok(admits({ reason: ['oomkilled'] }));
  assert.ok(admits({ pod: ['checkout-*-x2x9k'] }));
  assert.ok(!admits({ pod: ['checkout-*-x2'] }));
  assert.ok(!admits({ pod: ['checkout.7d4b9c6f5.x2x9k'] }), 'a dot is a dot');
  assert.ok(!createRestartFilter({ workload: ['checkout'] })(lostRestart));
});
