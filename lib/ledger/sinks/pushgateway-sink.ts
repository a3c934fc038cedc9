import type { Ledger } from '../open-ledger.ts';
import type { Sink } from './sink.ts';

/** Records restarts in the ledger's Pushgateway; closing it closes the ledger. */
export function createPushgatewaySink(ledger: Ledger): Sink {
  return {
    url: ledger.url,
    taken: 'recorded',
    take: ({ restarts }) => ledger.recordRestarts(restarts),
    close: () => ledger.close(),
  };
}
