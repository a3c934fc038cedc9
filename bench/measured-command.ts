import type { Environment } from '../test/helpers/process.ts';
import { testedCore } from './contender.ts';
import { imageEnvironment } from './image-environment.ts';
import { type MeasuredRun, measuredRun } from './measured-run.ts';

/** A command of the product that has run to its end on the core of what is tested. */
export async function measuredCommand(command: string, environment: Environment): Promise<MeasuredRun> {
  const parameters = ['-c', testedCore, process.execPath, 'dist/lib/cli/main.js', command];
  return await measuredRun('taskset', parameters, { ...imageEnvironment, ...environment });
}
