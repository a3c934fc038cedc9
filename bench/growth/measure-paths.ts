import assert from 'node:assert/strict';
import { eventually } from '../../test/helpers/eventually.ts';
import { freePort } from '../../test/helpers/free-port.ts';
import { type Environment, runProgram, startProgram } from '../../test/helpers/process.ts';
import { startPushgateway } from '../../test/helpers/real-services.ts';
import { imageEnvironment } from '../image-environment.ts';
import { podEvent, pods } from '../load/pod-events.ts';
import { type Load, sendMany, throughput } from '../load/throughput.ts';
import { type PodServer, startPodServer } from '../pod-server.ts';
import { startWatch } from '../running-watch.ts';
import { lineThrough } from './line.ts';
import type { FunctionCost, RunCost, WatchCost } from './measured.ts';
import { push, records } from './records.ts';
import { cpuSecondsOf, usageOf } from './usage.ts';

/** How much to measure. */
export interface Effort {
  readonly events: number;
  readonly serialSeconds: number;
  readonly watchSeconds: number;
  readonly updatesPerSecond: number;
  readonly pods: readonly [few: number, many: number];
  readonly groups: readonly [few: number, many: number];
}

const common = { ...imageEnvironment, HOST: '127.0.0.1', RETENTION: '0' };
const unchecked = { flags: ['--push.disable-consistency-check'] };
const command = 'dist/lib/cli/main.js';

interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pid: number | undefined;
}

async function startFunction(gatewayUrl: string): Promise<Server> {
  const port = await freePort();
  const running = startProgram(process.execPath, ['dist/functions/main.js'], {
    environment: { ...common, PORT: String(port), PUSHGATEWAY_URL: gatewayUrl },
    stdout: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    assert.ok(!running.hasExited, running.stderr());
    await (await fetch(`${url}/health/readiness`)).text();
  });
  return { url, pid: running.pid, [Symbol.asyncDispose]: running[Symbol.asyncDispose] };
}

export async function measureFunction({ events, serialSeconds }: Effort): Promise<FunctionCost> {
  await using gateway = await startPushgateway(unchecked);
  await using fn = await startFunction(gateway.url);
  const plain = pods(285, false).map(podEvent);
  const restarts = pods(15, true).map(podEvent);
  const cost = async (load: Load) => {
    // Until its code is compiled.
    await sendMany(fn.url, load, events / 10);
    return (await cpuSecondsOf(fn.pid, () => sendMany(fn.url, load, events))) / events;
  };
  return {
    secondsPlain: await cost({ posts: plain, connections: 16 }),
    secondsRestart: await cost({ posts: restarts, connections: 16 }),
    serialPerSecond: await throughput(
      fn.url,
      { posts: [...plain, ...restarts], connections: 1 },
      serialSeconds,
    ),
    megabytes: usageOf(fn.pid).megabytes,
  };
}

export async function measureWatch(effort: Effort): Promise<WatchCost> {
  await using server = await startPodServer(effort.pods[1]);
  await using gateway = await startPushgateway(unchecked);
  const pushing = await followed({ server, effort, options: [], gatewayUrl: gateway.url });
  await using fn = await startFunction(gateway.url);
  const options = ['--sink', fn.url];
  const sending = await followed({ server, effort, options, gatewayUrl: gateway.url });
  return {
    secondsPushing: pushing.seconds,
    secondsSending: sending.seconds,
    megabytes: Math.max(pushing.megabytes, sending.megabytes),
    bytes: server.bytes / effort.pods[1],
  };
}

interface Followed {
  readonly server: PodServer;
  readonly effort: Effort;
  readonly options: readonly string[];
  readonly gatewayUrl: string;
}

/** CPU seconds of a watch for each update, once it has listed the Pods. */
async function followed({ server, effort, options, gatewayUrl }: Followed) {
  const { updatesPerSecond, watchSeconds } = effort;
  const environment = { KUBECONFIG: server.kubeconfig(), PUSHGATEWAY_URL: gatewayUrl };
  await using watch = await startWatch(environment, options);
  await server.watched();
  // Until its code is compiled.
  const first = await server.update(updatesPerSecond, watchSeconds / 4);
  const listed = server.restarts + first.restarts;
  await watch.delivered(listed);
  const seconds = await cpuSecondsOf(watch.pid, async () => {
    const sent = await server.update(updatesPerSecond, watchSeconds);
    await watch.delivered(listed + sent.restarts);
  });
  const updates = updatesPerSecond * watchSeconds;
  return {
    seconds: seconds / updates,
    megabytes: usageOf(watch.pid).megabytes,
  };
}

/** A reconcile that finds nothing missing, as most do. */
export async function measureReconcile({ pods: counts }: Effort): Promise<RunCost> {
  const points: Run[] = [];
  for (const count of counts) {
    await using server = await startPodServer(count);
    await using gateway = await startPushgateway(unchecked);
    const environment = { ...common, KUBECONFIG: server.kubeconfig(), PUSHGATEWAY_URL: gateway.url };
    await timed(['reconcile'], environment);
    points.push(await timed(['reconcile'], environment));
  }
  return linesThrough(counts, points);
}

/** A sweep that finds nothing to delete. */
export async function measureSweep({ groups }: Effort): Promise<RunCost> {
  await using gateway = await startPushgateway(unchecked);
  const points: Run[] = [];
  let filled = 0;
  for (const count of groups) {
    await push(gateway.url, records(filled, count));
    filled = count;
    points.push(
      await timed(['sweep'], {
        ...common,
        RETENTION: '3650d',
        MAX_PER_CONTAINER: '1000000',
        PUSHGATEWAY_URL: gateway.url,
      }),
    );
  }
  return linesThrough(groups, points);
}

interface Run {
  readonly seconds: number;
  readonly megabytes: number;
}

/** A command to its end, with exit code 0. */
async function timed(parameters: readonly string[], environment: Environment): Promise<Run> {
  const { code, stderr } = await runProgram(
    '/usr/bin/time',
    ['-f', '%U %S %M', process.execPath, command, ...parameters],
    { environment },
  );
  assert.equal(code, 0, stderr);
  const [user = 0, system = 0, kilobytes = 0] = (stderr.trimEnd().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { seconds: user + system, megabytes: kilobytes / 1000 };
}

function linesThrough([few, many]: readonly [number, number], [first, second]: readonly Run[]): RunCost {
  assert.ok(first !== undefined && second !== undefined);
  return {
    seconds: lineThrough([few, first.seconds], [many, second.seconds]),
    megabytes: second.megabytes,
    count: many,
  };
}
