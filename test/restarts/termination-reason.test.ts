import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminationReason } from '../../lib/restarts/termination-reason.ts';

const silent = {
  exitCode: 1,
  signal: 0,
  reason: '',
  startedAt: undefined,
  finishedAt: undefined,
  containerId: '',
};

test('the reason of the status is used unchanged, whatever the exit code', () => {
  assert.equal(terminationReason({ ...silent, reason: 'Error', exitCode: 137, signal: 9 }), 'Error');
});

test('without a reason the signal is the reason', () => {
  assert.equal(terminationReason({ ...silent, signal: 9 }), 'Signal:9');
});

test('without a reason and a signal the exit code is the reason', () => {
  assert.equal(terminationReason(silent), 'ExitCode:1');
});
