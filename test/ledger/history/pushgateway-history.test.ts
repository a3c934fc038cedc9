import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushgatewayHistory } from '../../../lib/ledger/history/pushgateway-history.ts';
import { exposition } from '../../../lib/metrics/exposition.ts';
import { metricFamilies } from '../../../lib/metrics/families.ts';
import { groupingKey } from '../../../lib/metrics/grouping-key.ts';
import { createPushgateway } from '../../../lib/pushgateway/pushgateway.ts';
import type { Restart } from '../../../lib/restarts/restart.ts';
import { knownRestart, lostRestart } from '../../fixtures/restart.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';

const grouping = { job: 'pod_monitor', groupingLabels: [['cluster', 'eu-1']] } as const;
const skip = missing('prometheus-pushgateway');

const endUnknown: Restart = { ...lostRestart, ordinal: 6, restartedAt: 1_763_632_900 };
const sidecar: Restart = {
  ...knownRestart,
  container: 'proxy',
  containerKind: 'sidecar',
  ordinal: 1,
  exitCode: -1,
  finishedAt: 1_763_632_000,
  startedAt: 1_763_632_005,
  restartedAt: undefined,
  image: 'quote"and\\slash',
};
const restarts = [knownRestart, endUnknown, lostRestart, sidecar];
const open = { since: undefined, until: undefined };

for (const { name, families, expected } of [
  { name: 'all families', families: metricFamilies, expected: restarts },
  {
    name: 'the families of the default, which lack when the container ran again',
    families: metricFamilies.filter(({ byDefault }) => byDefault),
    expected: restarts.map((restart) =>
      restart === knownRestart ? { ...restart, restartedAt: undefined } : restart,
    ),
  },
])
  test(`restarts are read from a real Pushgateway as they were pushed: ${name}`, { skip }, async () => {
    await using service = await startPushgateway();
    const gateway = createPushgateway({
      url: new URL(service.url),
      timeoutMilliseconds: 30_000,
      connections: 4,
    });
    for (const restart of restarts)
      await gateway.push(groupingKey(restart, grouping), exposition(restart, families));
    await gateway.push([['job', 'batch']], 'batch_done 1\n');
    const history = pushgatewayHistory(gateway, service.url);
    const [known, end, lost, proxy] = expected;
    assert.deepEqual(await history.read(open), [lost, proxy, known, end]);
    assert.deepEqual(await history.read({ since: 1_763_632_802, until: undefined }), [known, end]);
    assert.deepEqual(await history.read({ since: undefined, until: 1_763_632_802 }), [proxy, known]);
    await gateway.close();
  });
