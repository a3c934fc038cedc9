import assert from 'node:assert/strict';
import { createLedgerFunction } from '../../../functions/ledger-function.ts';
import { readDeadLetter } from '../../../lib/cloudevents/dead-letter.ts';
import { readHttpMessage } from '../../../lib/cloudevents/http-message.ts';
import { LedgerError } from '../../../lib/errors.ts';
import { replay } from '../../../lib/ledger/replay/replay.ts';
import { type Restart, restartId } from '../../../lib/restarts/restart.ts';
import { messages } from '../corpus.ts';
import type { Door } from '../door.ts';
import { config, ledgerOf, log, split } from './event.ts';
import { replayInto } from './file.ts';

/**
 * An HTTP message that a broker gave up on: whatever it is, it is kept as one line of JSON, and `replay` of that line
 * records every restart that the function would have recorded of it.
 */
export const deadLetterDoor: Door = {
  name: 'dead letter',
  share: 10,
  corpus: messages,
  async take(input) {
    const { headers, body } = split(input);
    const line = [...readDeadLetter(headers, body).line].join('');
    assert.ok(!line.includes('\n'));
    JSON.parse(line);
    const recorded = await recordedOf(headers, body);
    const replayed = new Set<string>();
    const counts = await replay([{ path: 'file', size: line.length, named: true, expected: true }], {
      ...replayInto((restarts) => {
        for (const restart of restarts) replayed.add(identity(restart));
      }),
      chunksOf: async function* () {
        yield Buffer.from(`${line}\n`);
      },
    });
    assert.deepEqual(
      recorded.map(identity).filter((restart) => !replayed.has(restart)),
      [],
    );
    return counts.refused.length === 0 ? 'accepted' : 'refused';
  },
};

async function recordedOf(...message: Parameters<typeof readHttpMessage>): Promise<readonly Restart[]> {
  const recorded: Restart[] = [];
  const { handle } = createLedgerFunction({
    ledger: ledgerOf(async (restarts) => {
      recorded.push(...restarts);
    }),
    config,
    nowSeconds: () => 1_763_632_900,
  });
  try {
    for (const event of readHttpMessage(...message)) await handle({ log }, event);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
  return recorded;
}

function identity(restart: Restart): string {
  const { namespace, pod, uid, container } = restart;
  return JSON.stringify([namespace, pod, uid, container, restartId(restart)]);
}
