import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGateway } from '../../../lib/cli/doctor/check-gateway.ts';
import { readConfig } from '../../../lib/config.ts';
import { openLedger } from '../../../lib/ledger/open-ledger.ts';
import { knownRestart as restart } from '../../fixtures/restart.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';

const noFlags = () => Promise.reject(new Error('it is a Pushgateway'));

test('one record is stored, two records are', { skip: missing('prometheus-pushgateway') }, async () => {
  await using gateway = await startPushgateway();
  const config = readConfig({ PUSHGATEWAY_URL: gateway.url });
  const ledger = openLedger(config, { nowSeconds: () => 0 });
  try {
    const sizes: (readonly (string | undefined)[])[] = [];
    for (const each of [restart, { ...restart, ordinal: restart.ordinal + 1 }]) {
      await ledger.recordRestarts([each]);
      const { findings } = await checkGateway(ledger.pushgateway, config, noFlags);
      const [, check, size] = findings;
      sizes.push([check?.fact, size?.fact]);
    }
    const checked = 'is on: every push is checked against all that is stored';
    assert.deepEqual(sizes, [
      [`${checked} (1 record)`, '1 record is stored'],
      [`${checked} (2 records)`, '2 records are stored'],
    ]);
  } finally {
    await ledger.close();
  }
});
