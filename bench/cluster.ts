/**
 * The cluster's side: reconcile over 20,000 Pods, sweep of a real Pushgateway with 20,000 groups, and a watch of 1,000
 * Pod updates a second on one core. `npm run bench:cluster` prints times and memory.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import Table from 'cli-table3';
import { createPushgateway } from '../lib/pushgateway/pushgateway.ts';
import { startPushgateway } from '../test/helpers/real-services.ts';
import { type PodServer, startPodServer } from './pod-server.ts';

const podCount = 20_000;
const groupCount = 20_000;
const updatesPerSecond = 1000;
const watchSeconds = 20;

/** As the image has it. */
const image = { PATH: process.env['PATH'], NODE_OPTIONS: '--max-semi-space-size=4' };

const folder = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
const table = new Table({ head: ['', 'figure', 'bound'], style: { head: [], border: [] } });

async function reconcile(server: PodServer, kubeconfig: string): Promise<void> {
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  const environment = { KUBECONFIG: kubeconfig, PUSHGATEWAY_URL: gateway.url, RETENTION: '0' };
  const loading = await run(
    ['--input-type=module', '--eval', "await import('@kubernetes/client-node')"],
    environment,
  );
  const first = await run(['dist/lib/cli/main.js', 'reconcile'], environment);
  const again = await run(['dist/lib/cli/main.js', 'reconcile'], environment);
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
  const swept = await run(['dist/lib/cli/main.js', 'sweep'], {
    PUSHGATEWAY_URL: service.url,
    RETENTION: '1d',
  });
  const half = groupCount / 2;
  assert.match(
    swept.output,
    new RegExp(`^${groupCount} records held: ${half} past retention, .*, ${half} deleted`),
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
  const child = spawn('taskset', ['-c', '0', process.execPath, 'dist/lib/cli/main.js', 'watch'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await metricsUrl(child);
  await server.watched();
  const delivered = async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/watch_pods_total\{result="delivered"\} (\d+)/.exec(metrics)?.[1]);
  };
  while ((await delivered()) < server.restarts)
    await once(child.stderr ?? child, 'data', { signal: AbortSignal.timeout(50) }).catch(() => {});
  const before = { cpu: await cpuSeconds(url), at: performance.now() };
  const sent = await server.update(updatesPerSecond, watchSeconds);
  const late = performance.now();
  while ((await delivered()) < server.restarts + sent.restarts) {
    assert.ok(performance.now() - late < 60_000, 'the watch does not keep up');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const behind = performance.now() - late;
  const busy = (await cpuSeconds(url)) - before.cpu;
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
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

async function metricsUrl(child: ChildProcess): Promise<string> {
  assert.ok(child.stderr);
  for await (const line of createInterface({ input: child.stderr })) {
    const fields: Record<string, unknown> = JSON.parse(line);
    if (fields['msg'] === 'watching') return String(fields['url']);
  }
  throw new Error('the watch has ended');
}

interface Run {
  readonly seconds: number;
  /** Peak resident memory in MB. */
  readonly memory: number;
  readonly output: string;
}

async function run(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Run> {
  const start = performance.now();
  const child = spawn('/usr/bin/time', ['-f', '%M', process.execPath, ...parameters], {
    env: { ...image, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.equal((await ended)[0], 0, errors);
  return {
    seconds: (performance.now() - start) / 1000,
    memory: Number(errors.trimEnd().split('\n').at(-1)) / 1000,
    output,
  };
}

function configuration(server: string): object {
  return {
    clusters: [{ name: 'bench', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'bench', user: {} }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  };
}

try {
  await using server = await startPodServer(podCount);
  const kubeconfig = join(folder, 'kubeconfig.json');
  writeFileSync(kubeconfig, JSON.stringify(configuration(server.url)));
  await reconcile(server, kubeconfig);
  await sweep();
  await watch(server, kubeconfig);
} finally {
  rmSync(folder, { recursive: true });
}
const processor = cpus()[0]?.model ?? 'unknown processor';
process.stdout.write(`${cpus().length} × ${processor}, Node ${process.version}\n${table.toString()}\n`);
