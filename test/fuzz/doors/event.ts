import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { createLedgerFunction } from '../../../functions/ledger-function.ts';
import { readHttpMessage } from '../../../lib/cloudevents/http-message.ts';
import { readConfig } from '../../../lib/config.ts';
import { handleBatch } from '../../../lib/http/handle-batch.ts';
import type { Ledger } from '../../../lib/ledger/open-ledger.ts';
import { createRecordRestarts, type RecordRestarts } from '../../../lib/ledger/record-restarts.ts';
import type { ProcessLog } from '../../../lib/observability/log.ts';
import { messages } from '../corpus.ts';
import { type Door, refusal } from '../door.ts';

export const config = readConfig({ PUSHGATEWAY_URL: 'http://127.0.0.1:9', METRICS: 'all', RETENTION: '0' });
const pushgateway = { push: () => Promise.resolve() };
const ignore = () => {};
export const log: ProcessLog = {
  writesDebug: false,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
};

function notPartOfIt(): never {
  throw new Error('only a ping or a reference asks for it');
}

/** A ledger for events with Pods. */
export function ledgerOf(recordRestarts: RecordRestarts): Ledger {
  return {
    url: '',
    get pushgateway() {
      return notPartOfIt();
    },
    recordRestarts,
    reconcile: notPartOfIt,
    sweep: notPartOfIt,
    close: () => Promise.resolve(),
  };
}

const nowSeconds = () => 1_763_632_900;
export const { handle } = createLedgerFunction({
  ledger: ledgerOf(createRecordRestarts({ ...config, pushgateway, metrics: undefined, nowSeconds })),
  config,
  nowSeconds,
});

/** An HTTP message from its headers to the answer of the function, with a gateway that accepts everything: no answer is 5xx. */
export const eventDoor: Door = {
  name: 'HTTP message, CloudEvent',
  share: 40,
  corpus: messages,
  async take(input) {
    const { headers, body } = split(input);
    try {
      const problem = await handleBatch(readHttpMessage(headers, body), handle, log);
      if (problem === undefined) return 'accepted';
      assert.ok(problem.statusCode < 500, `${problem.statusCode} ${problem.body}`);
      return 'refused';
    } catch (error) {
      return refusal(error, 'invalid-input', 'unsupported-media-type', 'too-large');
    }
  },
};

/** Header lines up to an empty line, as Node reads them: names in lower case, values in Latin-1. */
export function split(input: Buffer): { readonly headers: IncomingHttpHeaders; readonly body: Buffer } {
  const end = input.indexOf('\n\n');
  const headers: Record<string, string> = {};
  for (const line of input.subarray(0, Math.max(end, 0)).toString('latin1').split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 2);
  }
  return { headers, body: input.subarray(end + 2) };
}
