import assert from 'node:assert/strict';
import { startPushgateway } from '../../test/helpers/real-services.ts';
import { measuredCommand } from '../measured-command.ts';
import { measuredPeer } from '../measured-peer.ts';
import type { MeasuredRun } from '../measured-run.ts';
import { startPodServer } from '../pod-server.ts';
import type { Row } from '../report/row.ts';
import { short } from '../report/tables.ts';
import type { Effort } from '../rounds.ts';
import { rowsBesidePeer } from './beside-peer.ts';

interface Runs {
  readonly runs: MeasuredRun[];
  readonly peerRuns: MeasuredRun[];
}

/**
 * A reconcile of many Pods, 1 in 20 with a restart, of which all are missing and then none, beside kubectl and jq that find what is
 * missing and push nothing, in interleaved rounds.
 */
export async function reconcileRows({ stored, longRounds }: Effort): Promise<readonly Row[]> {
  await using server = await startPodServer(stored);
  const environment = { KUBECONFIG: server.kubeconfig(), RETENTION: '0' };
  const { restarts } = server;
  const allMissing: Runs = { runs: [], peerRuns: [] };
  const noneMissing: Runs = { runs: [], peerRuns: [] };
  for (let round = 0; round < longRounds; round += 1) {
    await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
    const reconcile = async (missing: number) => {
      const run = await measuredCommand('reconcile', { ...environment, PUSHGATEWAY_URL: gateway.url });
      const expected = `${stored} Pods read: ${restarts} restarts shown, ${missing} missing and recorded,`;
      assert.ok(run.output.startsWith(expected), run.output);
      return run;
    };
    const peer = async (missing: number) => {
      const run = await measuredPeer('reconcile.sh', [gateway.url], environment);
      assert.equal(Number(run.output), missing);
      return run;
    };
    allMissing.peerRuns.push(await peer(restarts));
    allMissing.runs.push(await reconcile(restarts));
    noneMissing.runs.push(await reconcile(0));
    noneMissing.peerRuns.push(await peer(0));
  }
  const size = `reconcile of ${short(stored)} Pods (${(server.bytes / 1e6).toFixed(0)} MB)`;
  const name = 'kubectl get -o json, jq';
  return [
    ...rowsBesidePeer({
      what: `${size}, none of ${short(restarts)} restarts missing`,
      runs: noneMissing.runs,
      peer: { name, runs: noneMissing.peerRuns },
    }),
    ...rowsBesidePeer({
      what: 'the same, all of them missing',
      runs: allMissing.runs,
      peer: { name: `${name}; pushes none`, runs: allMissing.peerRuns },
    }),
  ];
}
