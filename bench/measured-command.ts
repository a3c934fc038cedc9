import type { Environment } from '../test/helpers/process.ts';
import { testedCore } from './contender.ts';
import { type MeasuredRun, measuredRun } from './measured-run.ts';

/** As the image has it. */
export const image = { NODE_OPTIONS: '--max-semi-space-size=4', MALLOC_ARENA_MAX: '1' };

/** A command of the product that has run to its end on the core of what is tested. */
export async function measuredCommand(command: string, environment: Environment): Promise<MeasuredRun> {
  const parameters = ['-c', testedCore, process.execPath, 'dist/lib/cli/main.js', command];
  return await measuredRun('taskset', parameters, { ...image, ...environment });
}
