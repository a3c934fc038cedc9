import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../lib/errors.ts';
import type { Restart } from '../../lib/restarts/restart.ts';
import { shareReading } from '../../lib/timeline/shared-reading.ts';
import { knownRestart } from '../fixtures/restart.ts';

const away = new LedgerError('prometheus-unavailable', {
  operation: 'querying',
  subject: 'http://prometheus:9090',
  fact: 'connect ECONNREFUSED',
  remedy: 'check it',
});

/** A source whose reads take `took` milliseconds, and a clock that only they and `pass` move. */
function source(took = 0) {
  let now = 0;
  let reads = 0;
  let answer: () => readonly Restart[] = () => [];
  const read = shareReading({
    read: async () => {
      reads += 1;
      now += took;
      return answer();
    },
    nowSeconds: () => 1000 + now / 1000,
    nowMilliseconds: () => now,
  });
  return {
    read,
    reads: () => reads,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    answers: (next: () => readonly Restart[]) => {
      answer = next;
    },
  };
}

test('a source is read once for all who ask at a time, and not again within two seconds', async () => {
  const { read, reads, pass } = source();
  await Promise.all(Array.from({ length: 100 }, read));
  pass(1999);
  await read();
  assert.equal(reads(), 1);
  pass(1);
  await Promise.all([read(), read()]);
  assert.equal(reads(), 2);
});

test('a slow source is busy for a tenth of the time at most', async () => {
  const { read, reads, pass } = source(5000);
  await read();
  pass(49_999);
  await read();
  assert.equal(reads(), 1);
  pass(1);
  await read();
  assert.equal(reads(), 2);
});

test('an outage is shown with its beginning beside what was read before, and ends by itself', async () => {
  const { read, pass, answers } = source();
  answers(() => [knownRestart]);
  assert.deepEqual(await read(), { restarts: [knownRestart], readAt: 1000, outage: undefined });
  answers(() => {
    throw away;
  });
  const outage = { message: away.message, since: 1002 };
  pass(2000);
  assert.deepEqual(await read(), { restarts: [knownRestart], readAt: 1000, outage });
  pass(2000);
  assert.deepEqual(await read(), { restarts: [knownRestart], readAt: 1000, outage });
  answers(() => []);
  pass(2000);
  assert.deepEqual(await read(), { restarts: [], readAt: 1006, outage: undefined });
});
