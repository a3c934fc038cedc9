import assert from 'node:assert/strict';
import { type Environment, runProgram } from '../test/helpers/process.ts';

/** A program that has run to its end, with exit code 0. */
export interface MeasuredRun {
  readonly seconds: number;
  /** Peak resident memory in MB. */
  readonly memory: number;
  readonly output: string;
}

export async function measuredRun(
  program: string,
  parameters: readonly string[],
  environment: Environment = {},
): Promise<MeasuredRun> {
  const start = performance.now();
  const { code, stdout, stderr } = await runProgram('/usr/bin/time', ['-f', '%M', program, ...parameters], {
    environment,
  });
  assert.equal(code, 0, stderr);
  const memory = Number(stderr.trimEnd().split('\n').at(-1)) / 1000;
  return { seconds: (performance.now() - start) / 1000, memory, output: stdout };
}
