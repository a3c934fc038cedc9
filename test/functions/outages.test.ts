import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLedgerFunction } from '../../functions/ledger-function.ts';
import { readConfig } from '../../lib/config.ts';
import { LedgerError } from '../../lib/errors.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { podEvent } from '../fixtures/pod-events.ts';

const parts = { operation: 'querying', subject: 'it', fact: 'refused', remedy: 'wait' };
const swept = { stored: 0, expired: [], surplus: [], removed: 0, others: 0 };

test('each outage of Prometheus during sweeps is logged, also the second one', async () => {
  const lines: string[] = [];
  const write = (level: string) => (_fields: object, message: string) => lines.push(`${level} ${message}`);
  const log = { debug() {}, info: write('info'), warn: write('warn'), error: write('error'), fatal() {} };
  const config = readConfig({ PUSHGATEWAY_URL: 'http://127.0.0.1:1' });
  const nowSeconds = () => 0;
  let isUnavailable = true;
  const ledger = {
    ...openLedger(config, { nowSeconds }),
    async sweep() {
      if (isUnavailable) throw new LedgerError('prometheus-unavailable', parts);
      return swept;
    },
  };
  const { handle } = createLedgerFunction({ ledger, config, nowSeconds });
  for (isUnavailable of [true, true, false, true]) {
    await handle({ log }, podEvent({ task: 'sweep' }, { type: 'dev.knative.sources.ping' }));
  }
  const begins = 'warn unavailable: answering 503 until it is available again';
  assert.deepEqual(lines, [begins, 'info swept', 'info available again', begins]);
});
