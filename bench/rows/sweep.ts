import assert from 'node:assert/strict';
import { startPushgateway } from '../../test/helpers/real-services.ts';
import { fillWithRecords } from '../load/old-and-new-records.ts';
import { measuredCommand } from '../measured-command.ts';
import { measuredPeer } from '../measured-peer.ts';
import type { MeasuredRun } from '../measured-run.ts';
import type { Row } from '../report/row.ts';
import { short } from '../report/tables.ts';
import type { Effort } from '../rounds.ts';
import { rowsBesidePeer } from './beside-peer.ts';

/** A sweep of a Pushgateway of whose records every second one is past retention, beside curl and jq, in interleaved rounds. */
export async function sweepRows({ stored, longRounds }: Effort): Promise<readonly Row[]> {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  const half = stored / 2;
  const runs: MeasuredRun[] = [];
  const peerRuns: MeasuredRun[] = [];
  for (let round = 0; round < longRounds; round += 1) {
    await fillWithRecords(gateway.url, stored);
    const run = await measuredCommand('sweep', { PUSHGATEWAY_URL: gateway.url, RETENTION: '1d' });
    assert.match(run.output, new RegExp(`^${stored} records stored: ${half} past .*, ${half} deleted`));
    runs.push(run);

    await fillWithRecords(gateway.url, stored);
    const before = Math.floor(Date.now() / 1000) - 86_400;
    const peerRun = await measuredPeer('sweep.sh', [gateway.url, String(before)]);
    assert.equal(Number(peerRun.output), half);
    peerRuns.push(peerRun);
  }
  return rowsBesidePeer({
    what: `sweep of ${short(stored)} records, half of them past retention`,
    runs,
    peer: { name: 'curl, jq', runs: peerRuns },
  });
}
