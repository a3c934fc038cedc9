import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../../lib/errors.ts';
import { readPod } from '../../../lib/kubernetes/objects/pod.ts';
import { createSelection, type SelectionOptions } from '../../../lib/ledger/replay/selection.ts';
import { localZone } from '../../../lib/local-zone.ts';
import { podObject } from '../../fixtures/pods.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';

const ended = 1_763_632_802;
const clock = { nowSeconds: ended + 3600, zone: localZone };

function selectsPod(options: SelectionOptions, metadata = {}): boolean {
  const object = podObject({ metadata });
  return createSelection(options, clock).selectsPod(readPod(object), object);
}

function selectsRestart(options: SelectionOptions, restart = knownRestart): boolean {
  return createSelection(options, clock).selectsRestart(restart);
}

test('without options everything is selected, also restarts without a time', () => {
  assert.deepEqual([selectsPod({}), selectsRestart({}), selectsRestart({}, lostRestart)], [true, true, true]);
});

test('a Pod is selected by namespace and labels', () => {
  assert.equal(selectsPod({ namespace: ['data', 'shop'] }), true);
  assert.equal(selectsPod({ namespace: ['data'] }), false);
  assert.equal(selectsPod({ selector: 'app=checkout' }), true);
  assert.equal(selectsPod({ selector: 'app=checkout' }, { labels: null }), false);
  assert.equal(selectsPod({ namespace: ['shop'], selector: '!app' }), false);
});

const spans: readonly (readonly [options: SelectionOptions, selected: boolean])[] = [
  [{ since: '2025-11-20T10:00:02Z' }, true],
  [{ since: '2025-11-20T10:00:03Z' }, false],
  [{ since: '2025-11-20T11:00:02+01:00' }, true],
  [{ until: '2025-11-20T10:00:02Z' }, true],
  [{ until: '2025-11-20T10:00:01Z' }, false],
  [{ since: '3600s' }, true],
  [{ since: '60m' }, true],
  [{ since: '59m' }, false],
  [{ since: '1h' }, true],
  [{ since: '1d' }, true],
  [{ until: '1h' }, true],
  [{ until: '1d' }, false],
  [{ since: '2h', until: '30m' }, true],
  [{ since: '1.5h' }, true],
  [{ since: '2025-11-18' }, true],
  [{ since: '2025-11-22' }, false],
  [{ until: '2025-11-18 08:00' }, false],
];

for (const [options, selected] of spans) {
  test(`a restart an hour ago is ${selected ? '' : 'not '}in ${JSON.stringify(options)}`, () => {
    assert.equal(selectsRestart(options), selected);
  });
}

test('a restart without a time is in no time range; with only the time of its new start, that counts', () => {
  assert.equal(selectsRestart({ since: '1d' }, lostRestart), false);
  assert.equal(selectsRestart({ until: '0s' }, lostRestart), false);
  assert.equal(selectsRestart({ since: '1d' }, { ...lostRestart, restartedAt: ended }), true);
});

for (const text of ['noon', '', '5', '-1h', '2025-02-30', '2025-02-30T10:00:00Z']) {
  test(`${JSON.stringify(text)} is not a valid time`, () => {
    assert.throws(
      () => createSelection({ until: text }, clock),
      (error) => error instanceof LedgerError && error.kind === 'usage' && /--until/.test(error.message),
    );
  });
}
