import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { createFunctionMetrics } from '../../lib/observability/function-metrics.ts';
import { createWatchMetrics } from '../../lib/observability/watch-metrics.ts';
import { missing } from '../helpers/real-services.ts';

const skip = missing('promtool');

for (const [process, create] of [
  ['the function', createFunctionMetrics],
  ['a watch', createWatchMetrics],
] as const) {
  test(`promtool accepts the metrics of ${process}`, { skip }, async () => {
    const input = await create().exposition();
    assert.match(input, /^restart_ledger_/m);
    assert.match(input, /^process_cpu_seconds_total /m);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
  });
}
