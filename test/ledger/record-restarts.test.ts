import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../lib/config.ts';
import { createRecordRestarts } from '../../lib/ledger/record-restarts.ts';
import { exposition } from '../../lib/metrics/exposition.ts';
import type { Restart } from '../../lib/restarts/restart.ts';
import { knownRestart } from '../fixtures/restart.ts';

const config = readConfig({});
const now = 1_763_632_900;

/** The texts of a push of the restart: without a time, and with it. */
async function pushed(changes: Partial<Restart>) {
  const texts: (string | undefined)[][] = [];
  const record = createRecordRestarts({
    ...config,
    pushgateway: {
      push: async (_key, plain, timed) => {
        texts.push([plain, timed?.()]);
      },
    },
    metrics: undefined,
    nowSeconds: () => now,
  });
  const shown = { ...knownRestart, ...changes };
  await record([shown]);
  const text = (timestampMilliseconds?: number) =>
    exposition(shown, config.families, timestampMilliseconds === undefined ? {} : { timestampMilliseconds });
  return { texts, text };
}

test('a push can carry the time at which the container ended, else that at which it ran again', async () => {
  const ended = await pushed({ finishedAt: now - 60, restartedAt: now - 50 });
  assert.deepEqual(ended.texts, [[ended.text(), ended.text((now - 60) * 1000)]]);
  const lost = await pushed({ finishedAt: undefined, restartedAt: now });
  assert.deepEqual(lost.texts, [[lost.text(), lost.text(now * 1000)]]);
});

test('a restart whose time is unknown or still to come is pushed without it', async () => {
  const unknown = await pushed({ finishedAt: undefined, restartedAt: undefined });
  assert.deepEqual(unknown.texts, [[unknown.text(), undefined]]);
  const ahead = await pushed({ finishedAt: now + 1 });
  assert.deepEqual(ahead.texts, [[ahead.text(), undefined]]);
});
