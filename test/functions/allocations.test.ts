import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

/**
 * Bytes that an event may allocate. They are what the path of an event costs in a figure that is the same on every machine; a
 * change that costs a tenth more fails. Where it is worth its cost, or where one has made an event cheaper, the figure that the
 * failure shows becomes the new budget; so it does with another version of Node.js.
 */
const budgets: Readonly<Record<string, number>> = {
  'no termination': 4_006,
  'a completed init container': 12_991,
  'a restart': 26_904,
};
const tolerance = 0.06;

/** One semi-space holds all that is allocated in some windows; what an optimizing compiler saves varies from run to run. */
const flags = [
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
];

test('an event allocates no more than its budget', () => {
  const program = join(import.meta.dirname, '../helpers/event-allocations.ts');
  const output = execFileSync(process.execPath, [...flags, program], { encoding: 'utf8', env: {} });
  const found: readonly { kind: string; bytes: number }[] = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    found.map(({ kind }) => kind),
    Object.keys(budgets),
  );
  const outside = found.filter(({ kind, bytes }) => Math.abs(bytes / (budgets[kind] ?? 0) - 1) > tolerance);
  assert.deepEqual(outside, [], 'kinds of events that are outside of their budgets');
});
