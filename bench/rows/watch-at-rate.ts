import { startPushgateway } from '../../test/helpers/real-services.ts';
import { cpuSecondsOf } from '../growth/usage.ts';
import { startPodServer } from '../pod-server.ts';
import type { Row } from '../report/row.ts';
import { short } from '../report/tables.ts';
import type { Effort } from '../rounds.ts';
import { startWatch } from '../running-watch.ts';

const updatesPerSecond = 1000;

/** A watch that records what a stream of updates shows, 1 in 20 with a restart: the load on its core, and how late it is. */
export async function watchAtRateRows({ stored, seconds }: Effort): Promise<readonly Row[]> {
  const watchSeconds = 4 * seconds;
  await using server = await startPodServer(stored);
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await using watch = await startWatch({ KUBECONFIG: server.kubeconfig(), PUSHGATEWAY_URL: gateway.url });
  await server.watched();
  await watch.delivered(server.restarts);
  let behind = 0;
  const busy = await cpuSecondsOf(watch.pid, async () => {
    const { restarts } = await server.update(updatesPerSecond, watchSeconds);
    const sent = performance.now();
    await watch.delivered(server.restarts + restarts);
    behind = performance.now() - sent;
  });
  return [
    {
      what: `\`watch\` that records, at ${short(updatesPerSecond)} Pod updates/s: CPU of one core`,
      unit: '%',
      value: (busy / watchSeconds) * 100,
      bound: { most: 100 },
    },
    { what: 'from the last update to its record', unit: 'ms', value: behind, bound: { most: 1000 } },
  ];
}
