/**
 * The cluster's side: reconcile over 20,000 Pods, sweep of a real Pushgateway with 20,000 groups, and a watch of 1,000
 * Pod updates a second on one core. `npm run bench:cluster` prints times and memory.
 */
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import Table from 'cli-table3';
import { createPushgateway } from '../lib/pushgateway/pushgateway.ts';
import { eventually } from '../test/helpers/eventually.ts';
import { type RunningProcess, startProgram } from '../test/helpers/process.ts';
import { startPushgateway } from '../test/helpers/real-services.ts';
import { measuredRun } from './measured-run.ts';
import { type PodServer, startPodServer } from './pod-server.ts';

const podCount = 20_000;
const groupCount = 20_000;
const updatesPerSecond = 1000;
const watchSeconds = 20;

/** As the image has it. */
const image = { NODE_OPTIONS: '--max-semi-space-size=4' };

const table = new Table({ head: ['', 'figure', 'bound'], style: { head: [], border: [] } });

async function reconcile(server: PodServer, kubeconfig: string): Promise<void> {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  const environment = { KUBECONFIG: kubeconfig, PUSHGATEWAY_URL: gateway.url, RETENTION: '0', ...image };
  const loading = await measuredRun(
    process.execPath,
    ['--input-type=module', '--eval', "await import('@kubernetes/client-node')"],
    environment,
  );
  const first = await measuredRun(process.execPath, ['dist/lib/cli/main.js', 'reconcile'], environment);
  const again = await measuredRun(process.execPath, ['dist/lib/cli/main.js', 'reconcile'], environment);
  assert.match(
    first.output,
    new RegExp(`^${podCount} Pods read: ${server.restarts} restarts shown, ${server.restarts} missing`),
  );
  assert.match(again.output, /, 0 missing and recorded/);
  const size = `${podCount} Pods (${(server.bytes / 1e6).toFixed(0)} MB)`;
  table.push(
    [`reconcile, ${size}, ${server.restarts} restarts missing`, `${first.seconds.toFixed(1)} s`, ''],
    ['the same again, none missing', `${again.seconds.toFixed(1)} s`, ''],
    [
      'its peak memory above the import of the Kubernetes client',
      `${(Math.max(first.memory, again.memory) - loading.memory).toFixed(0)} MB`,
      '200 MB',
    ],
  );
}

async function sweep(): Promise<void> {
  await using service = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  const gateway = createPushgateway({
    url: new URL(service.url),
    timeoutMilliseconds: 60_000,
    connections: 16,
  });
  for (let index = 0; index < groupCount; index += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, each) => gateway.push(groupKey(index + each), families)),
    );
  }
  await gateway.close();
  const swept = await measuredRun(process.execPath, ['dist/lib/cli/main.js', 'sweep'], {
    PUSHGATEWAY_URL: service.url,
    RETENTION: '1d',
    ...image,
  });
  const half = groupCount / 2;
  assert.match(
    swept.output,
    new RegExp(`^${groupCount} records stored: ${half} past retention, .*, ${half} deleted`),
  );
  table.push(
    [`sweep, ${groupCount} groups, half of them past retention`, `${swept.seconds.toFixed(1)} s`, ''],
    ['its peak memory', `${swept.memory.toFixed(0)} MB`, '150 MB'],
  );
}

/** Every second record has ended long ago. */
function groupKey(index: number): readonly (readonly [string, string])[] {
  const end = Math.floor(Date.now() / 1000) - (index % 2 === 0 ? 10 : 10 * 86_400);
  return [
    ['job', 'pod_monitor'],
    ['namespace', `team-${index % 30}`],
    ['pod', `checkout-7d4b9c6f5-${index}`],
    ['uid', `8717cf78-7525-485f-a643-${String(index).padStart(12, '0')}`],
    ['container', 'checkout'],
    ['restart_id', `1_${end}`],
  ];
}

const families = `\
# TYPE pod_monitor_container_restart_total counter
pod_monitor_container_restart_total{reason="Error"} 1
# TYPE pod_monitor_container_restart_events gauge
pod_monitor_container_restart_events{reason="Error",exit_code="1",restart_count="1"} 1795168781
# TYPE pod_monitor_container_restart_details gauge
pod_monitor_container_restart_details{restart_count="1",finished_time="2026-11-20T09:59:41Z",reason="Error",exit_code="1",duration="7s",container_type="container",container_id="containerd://20b7c7ecdac17d0b0880a52b040c7c5a7cff25e7818d889be45dc3215b7bf69b",node="worker-2",image="registry.example.com/shop/checkout:2.14.0",owner_kind="ReplicaSet",owner_name="checkout-7d4b9c6f5"} 1
`;

async function watch(server: PodServer, kubeconfig: string): Promise<void> {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  const environment = {
    ...image,
    KUBECONFIG: kubeconfig,
    RETENTION: '0',
    PUSHGATEWAY_URL: gateway.url,
  };
  await using running = startProgram(
    'taskset',
    ['-c', '0', process.execPath, 'dist/lib/cli/main.js', 'watch'],
    { environment, stdout: 'ignore' },
  );
  const url = await eventually(() => metricsUrl(running));
  await server.watched();
  const delivered = async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/watch_pods_total\{result="delivered"\} (\d+)/.exec(metrics)?.[1]);
  };
  await eventually(async () => assert.ok((await delivered()) >= server.restarts));
  const before = { cpu: await cpuSeconds(url), at: performance.now() };
  const sent = await server.update(updatesPerSecond, watchSeconds);
  const late = performance.now();
  while ((await delivered()) < server.restarts + sent.restarts) {
    assert.ok(performance.now() - late < 60_000, 'the watch does not keep up');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const behind = performance.now() - late;
  const busy = (await cpuSeconds(url)) - before.cpu;
  running.kill('SIGTERM');
  assert.equal((await running.ended).code, 0);
  table.push(
    [
      `watch, ${updatesPerSecond} Pod updates a second for ${watchSeconds} s`,
      `${((busy / watchSeconds) * 100).toFixed(0)} % of one core`,
      '100 %',
    ],
    ['from the last update to its acknowledged record', `${behind.toFixed(0)} ms`, '1000 ms'],
  );
}

async function cpuSeconds(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(metrics)?.[1]);
}

function metricsUrl(running: RunningProcess): string {
  const [, url] = /"url":"([^"]+)".*"msg":"watching"/.exec(running.stderr()) ?? [];
  if (url === undefined) throw new Error(`it does not watch yet: ${running.stderr()}`);
  return url;
}

await using server = await startPodServer(podCount);
const kubeconfig = server.kubeconfig();
await reconcile(server, kubeconfig);
await sweep();
await watch(server, kubeconfig);
const processor = cpus()[0]?.model ?? 'unknown processor';
process.stdout.write(`${cpus().length} × ${processor}, Node ${process.version}\n${table.toString()}\n`);
