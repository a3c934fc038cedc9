import { join } from 'node:path';
import { type ProcessOptions, type RunningProcess, startProgram } from './process.ts';

/** Where Node keeps what it has compiled: the modules of a program are compiled once, and not at every start. */
const NODE_COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/node-compile-cache');

/** Starts a program of the project from its sources. */
export function startNode(
  parameters: readonly string[],
  { environment, ...options }: ProcessOptions = {},
): RunningProcess {
  return startProgram(process.execPath, parameters, {
    ...options,
    environment: { NODE_COMPILE_CACHE, ...environment },
  });
}
