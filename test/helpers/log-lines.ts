import { binary, podEvent } from '../fixtures/pod-events.ts';
import { eventually } from './eventually.ts';
import type { FunctionProcess, LogLine } from './function-process.ts';
import { send } from './send.ts';

let marks = 0;

/** All lines above `debug` that the function logs while `work` runs. Nothing else may send to it meanwhile. */
export async function logLinesOf(
  ledger: FunctionProcess,
  work: () => Promise<unknown>,
): Promise<readonly LogLine[]> {
  const start = await mark(ledger);
  await work();
  const end = await mark(ledger);
  return ledger.logs.slice(start + 1, end).filter(({ level }) => level !== 'debug');
}

/**
 * Lines are read in the order in which they were written, so what follows a marker was written after it. A
 * refused event writes a marker, and has no other effect.
 */
async function mark(ledger: FunctionProcess): Promise<number> {
  const task = `mark-${++marks}`;
  await send(ledger.url, binary(podEvent({ task }, { type: 'dev.knative.sources.ping' })));
  return await eventually(() => {
    const line = ledger.logs.findIndex(({ reason }) => String(reason).includes(`"${task}"`));
    if (line < 0) throw new Error(`the log does not have ${task} yet`);
    return line;
  });
}

/** Resolves when the log has a line whose `reason` matches. */
export async function loggedReason({ logs }: Pick<FunctionProcess, 'logs'>, pattern: RegExp): Promise<void> {
  await eventually(() => {
    if (!logs.some(({ reason }) => pattern.test(String(reason))))
      throw new Error(`no reason matches ${pattern}`);
  });
}
