import { globSync, readFileSync } from 'node:fs';

/** How many threads of this process run modules of their own, by the name that Node.js gives them. */
export function readingThreads(): number {
  return globSync('/proc/self/task/*/comm').filter((file) => readFileSync(file, 'utf8') === 'WorkerThread\n')
    .length;
}
