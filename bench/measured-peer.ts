import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../test/helpers/process.ts';
import { testedCore } from './contender.ts';
import { type MeasuredRun, measuredRun } from './measured-run.ts';

/**
 * A script of `bench/peers` that has run to its end on the core of what is tested, as {@link measuredRun}. Its memory is the sum of
 * the peaks of its programs, which it appends to the file that is its second parameter.
 */
export async function measuredPeer(
  script: string,
  [first = '', ...others]: readonly string[],
  environment: Environment = {},
): Promise<MeasuredRun> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-peer-'));
  try {
    const usage = join(folder, 'usage');
    const parameters = ['-c', testedCore, `bench/peers/${script}`, first, usage, ...others];
    const run = await measuredRun('taskset', parameters, environment);
    const kilobytes = (await readFile(usage, 'utf8')).trimEnd().split('\n').map(Number);
    return { ...run, memory: kilobytes.reduce((sum, each) => sum + each, 0) / 1000 };
  } finally {
    await rm(folder, { recursive: true });
  }
}
