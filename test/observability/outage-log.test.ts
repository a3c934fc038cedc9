import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../lib/errors.ts';
import { createOutageLog } from '../../lib/observability/outage-log.ts';

const parts = { operation: 'reading', subject: 'it', fact: 'refused', remedy: 'wait' };
const unreachable = new LedgerError('cluster-unavailable', parts);
const forbidden = new LedgerError('cluster-forbidden', parts);
const reason = 'reading it: refused; wait';

function collect() {
  const lines: (readonly unknown[])[] = [];
  const level = (name: string) => (fields: object, message: string) => lines.push([name, message, fields]);
  const log = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
    fatal: level('fatal'),
  };
  return { lines, log };
}

test('an outage is one line when it begins and one when it ends, whatever fails in between', () => {
  const { lines, log } = collect();
  let nowMilliseconds = 1000;
  const outages = createOutageLog<string>(() => nowMilliseconds, 'relisting');
  outages.succeeded(log, 'a');
  outages.failed(log, 'a', unreachable);
  outages.failed(log, 'a', forbidden);
  outages.failed(log, 'b', forbidden);
  nowMilliseconds = 62_400;
  outages.succeeded(log, 'a');
  outages.succeeded(log, 'a');
  outages.failed(log, 'a', unreachable);
  assert.deepEqual(lines, [
    ['warn', 'unavailable: relisting', { kind: 'cluster-unavailable', reason }],
    ['debug', 'still unavailable', { kind: 'cluster-forbidden', reason }],
    ['warn', 'unavailable: relisting', { kind: 'cluster-forbidden', reason }],
    ['info', 'available again', { seconds: 61, failures: 2 }],
    ['warn', 'unavailable: relisting', { kind: 'cluster-unavailable', reason }],
  ]);
});
