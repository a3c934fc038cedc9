import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { type RunningProcess, startProgram } from './process.ts';

/** A shell that prints its process ID and that of its child, and waits for it. */
const family = 'sleep 1000 & echo $$ $!; wait';

async function numbers(running: RunningProcess): Promise<readonly number[]> {
  return await eventually(() => {
    assert.match(running.stdout(), /^\d+ \d+\n/);
    return running.stdout().trim().split(' ').map(Number);
  });
}

async function haveEnded(started: readonly number[]): Promise<void> {
  await eventually(() => assert.deepEqual(started.filter(runs), []));
}

function runs(number: number): boolean {
  try {
    // A zombie has ended too; it waits to be reaped.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${number}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const skip = existsSync('/proc/self/status') ? false : 'there is no /proc here';

test('disposing of a program kills its child processes too', { skip }, async () => {
  let started: readonly number[];
  {
    await using running = startProgram('sh', ['-c', family]);
    started = await numbers(running);
  }
  await haveEnded(started);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`a test process that ends by ${signal} kills the programs that it started`, { skip }, async () => {
    const test = `
      import { startProgram } from ${JSON.stringify(join(import.meta.dirname, 'process.ts'))};
      startProgram('sh', ['-c', ${JSON.stringify(family)}], { onLine: console.log });`;
    await using running = startProgram(process.execPath, ['--input-type=module', '--eval', test]);
    const started = await numbers(running);
    running.kill(signal);
    assert.equal((await running.ended).signal, null);
    await haveEnded(started);
  });
}
