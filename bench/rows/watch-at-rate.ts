import assert from 'node:assert/strict';
import { eventually } from '../../test/helpers/eventually.ts';
import { type RunningProcess, startProgram } from '../../test/helpers/process.ts';
import { startPushgateway } from '../../test/helpers/real-services.ts';
import { testedCore } from '../contender.ts';
import { cpuSecondsOf } from '../growth/usage.ts';
import { image } from '../measured-command.ts';
import { startPodServer } from '../pod-server.ts';
import type { Row } from '../report/row.ts';
import { short } from '../report/tables.ts';
import type { Effort } from '../rounds.ts';

const updatesPerSecond = 1000;

/** A watch that records what a stream of updates shows, 1 in 20 with a restart: the load on its core, and how late it is. */
export async function watchAtRateRows({ stored, seconds }: Effort): Promise<readonly Row[]> {
  const watchSeconds = 4 * seconds;
  await using server = await startPodServer(stored);
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await using running = startProgram(
    'taskset',
    ['-c', testedCore, process.execPath, 'dist/lib/cli/main.js', 'watch'],
    {
      environment: {
        ...image,
        PORT: '0',
        KUBECONFIG: server.kubeconfig(),
        RETENTION: '0',
        PUSHGATEWAY_URL: gateway.url,
      },
      stdout: 'ignore',
    },
  );
  const url = await eventually(() => metricsUrl(running));
  await server.watched();
  await eventually(async () => assert.ok((await delivered(url)) >= server.restarts), { within: 300_000 });
  let restarts = server.restarts;
  let behind = 0;
  const busy = await cpuSecondsOf(running.pid, async () => {
    restarts += (await server.update(updatesPerSecond, watchSeconds)).restarts;
    const late = performance.now();
    while ((await delivered(url)) < restarts) {
      assert.ok(performance.now() - late < 60_000, 'the watch does not keep up');
    }
    behind = performance.now() - late;
  });
  running.kill('SIGTERM');
  assert.equal((await running.ended).code, 0);
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

async function delivered(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/watch_pods_total\{result="delivered"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

function metricsUrl(running: RunningProcess): string {
  const [, url] = /"url":"([^"]+)".*"msg":"watching"/.exec(running.stderr()) ?? [];
  if (url === undefined) throw new Error(`it does not watch yet: ${running.stderr()}`);
  return url;
}
