import { binary, podEvent } from '../fixtures/pod-events.ts';
import { eventually } from './eventually.ts';
import type { FunctionProcess, LogLine } from './function-process.ts';
import { send } from './send.ts';

let marks = 0;

/** The lines that the function logs while `work` is done, all of them. Nothing else may send to it meanwhile. */
export async function logLinesOf(
  ledger: FunctionProcess,
  work: () => Promise<unknown>,
): Promise<readonly LogLine[]> {
  const start = await mark(ledger);
  await work();
  const end = await mark(ledger);
  return ledger.logs.slice(start + 1, end);
}

/** Lines are read in the order in which they were written, so what follows a mark was written after it. */
async function mark(ledger: FunctionProcess): Promise<number> {
  const id = `mark-${++marks}`;
  await send(ledger.url, binary(podEvent({}, { id, type: 'dev.knative.sources.ping' })));
  return await eventually(() => {
    const line = ledger.logs.findIndex(({ event }) => event === id);
    if (line < 0) throw new Error(`the log does not have ${id} yet`);
    return line;
  });
}
