import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { drained } from '../../../lib/cli/output/drained.ts';

/** A stream that is full, as one whose reader is slow. */
function fullStream(): PassThrough {
  const stream = new PassThrough({ highWaterMark: 1 });
  stream.write('full');
  return stream;
}

/** Whether a promise is resolved by the time that all others are. */
async function isResolved(promise: Promise<void>): Promise<boolean> {
  let is = false;
  void promise.then(() => {
    is = true;
  });
  await new Promise(setImmediate);
  return is;
}

test('what has room is drained', async () => {
  assert.ok(await isResolved(drained(new PassThrough())));
});

test('what is full is drained when it has been read', async () => {
  const stream = fullStream();
  const done = drained(stream);
  assert.ok(!(await isResolved(done)));
  stream.resume();
  await done;
  assert.deepEqual(
    ['drain', 'error', 'close'].map((event) => stream.listenerCount(event)),
    [0, 0, 0],
  );
});

test('what nobody reads any more is drained', async () => {
  const stream = fullStream();
  stream.on('error', () => {});
  const done = drained(stream);
  stream.destroy(new Error('EPIPE'));
  await done;
});
