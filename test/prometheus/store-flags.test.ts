import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeFlags } from '../../lib/prometheus/store-flags.ts';

test('the flags of a VictoriaMetrics are among its metrics; another server shows none', () => {
  const metrics = [
    'flag{name="promscrape.config", value="", is_set="false"} 1',
    'flag{name="retentionPeriod", value="90d", is_set="true"} 1',
    'flag{name="x", value="a\\"b", is_set="true"} 1',
    'vm_rows{name="flag"} 1',
    '',
  ];
  assert.deepEqual(
    storeFlags(metrics.join('\n')),
    new Map([
      ['promscrape.config', ''],
      ['retentionPeriod', '90d'],
      ['x', 'a\\"b'],
    ]),
  );
  assert.deepEqual(storeFlags('unsupported path'), new Map());
});
