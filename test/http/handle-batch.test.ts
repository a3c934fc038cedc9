import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { LedgerError } from '../../lib/errors.ts';
import { type Handle, handleBatch } from '../../lib/http/handle-batch.ts';
import type { Log } from '../../lib/observability/log.ts';

function recordingLog(): { readonly log: Log; readonly lines: readonly object[] } {
  const lines: object[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    lines.push({ level, ...fields, message });
  const [debug, info, warn, error, fatal] = ['debug', 'info', 'warn', 'error', 'fatal'].map(at);
  assert.ok(debug && info && warn && error && fatal);
  return { log: { debug, info, warn, error, fatal }, lines };
}

test('every event of a batch is handled once, at most 64 at a time', async () => {
  const events = Array.from({ length: 1000 }, (_, index) => index);
  const handled: unknown[] = [];
  let current = 0;
  let most = 0;
  const handle: Handle = async (_context, event) => {
    current += 1;
    most = Math.max(most, current);
    await setImmediate();
    handled.push(event);
    current -= 1;
    return undefined;
  };
  const { log, lines } = recordingLog();
  assert.equal(await handleBatch(events, handle, log), undefined);
  assert.deepEqual([handled, most, lines], [events, 64, []]);
});

test('an empty batch is acknowledged', async () => {
  const { log } = recordingLog();
  const never: Handle = () => assert.fail('there is no event');
  assert.equal(await handleBatch([], never, log), undefined);
});

test('the function logs the refusal of a single event itself', async () => {
  const { log } = recordingLog();
  await handleBatch(
    [1],
    async (context) => {
      assert.deepEqual(context, { log });
      return undefined;
    },
    log,
  );
});

test('an unexpected failure in a batch is logged as an error with its trace', async () => {
  const bug = new TypeError('a bug');
  const invalid = new LedgerError('invalid-input', { operation: 'a', subject: 'b', fact: 'c', remedy: 'd' });
  const { log, lines } = recordingLog();
  await handleBatch(
    [invalid, undefined, bug],
    async ({ onRefused }, failure) => {
      if (failure !== undefined) onRefused?.(failure);
      return undefined;
    },
    log,
  );
  assert.deepEqual(lines, [
    {
      level: 'error',
      status: 500,
      events: 3,
      refused: 2,
      reasons: ['a b: c; d', 'a bug'],
      err: bug,
      message: 'events of a batch were not recorded',
    },
  ]);
});
