import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { batched, binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { type FunctionProcess, startProcess } from '../helpers/function-process.ts';
import { startHttpStub } from '../helpers/http-stub.ts';
import { probeDuring } from '../helpers/probes.ts';
import { peakMemory } from '../helpers/resident-memory.ts';
import { type Message, send } from '../helpers/send.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const mebibyte = 2 ** 20;
/** What the manifests allow. */
const memoryLimit = 512;
/**
 * The kubelet restarts a container whose liveness is not answered within 5 s three times in a row. An answer takes less
 * than 100 ms where there is a core for the process, and as much longer as others use it.
 */
const longestProbe = 30_000;
const folder = temporaryFolder('memory-');

/** A Pod with a restart, as large as may be. */
function largePod(bytes: number): Message {
  const message = binary(podEvent(crashLoopingPod()));
  const pod = String(message.body);
  const padding = 'x'.repeat(bytes - pod.length - '"padding":"",'.length);
  return { ...message, body: Buffer.from(`{"padding":"${padding}",${pod.slice(1)}`) };
}

/** Values that take many times the memory of their bytes. */
function manyLists(bytes: number): Buffer {
  return Buffer.from(`[${'[],'.repeat(Math.floor(bytes / 3) - 2)}[]]`);
}

interface Flood {
  readonly count: number;
  readonly message: Message;
  /** The statuses that an answer may have. */
  readonly statuses: readonly number[];
}

const floods: Readonly<Record<string, Flood>> = {
  '200 Pods of 4 MiB': { count: 200, message: largePod(4 * mebibyte), statuses: [204, 503] },
  '50 batches of 4 MiB of empty lists': {
    count: 50,
    message: { ...batched(), body: manyLists(4 * mebibyte) },
    statuses: [400, 503],
  },
  '50 events of 4 MiB of empty lists': {
    count: 50,
    message: { ...binary(podEvent({})), body: manyLists(4 * mebibyte) },
    statuses: [400, 503],
  },
};

/** They are sent at once; a sender that is answered before it has sent everything may lose the connection. */
async function sendAll(url: string, { count, message }: Flood): Promise<ReadonlySet<number | undefined>> {
  const answers = Array.from({ length: count }, () => send(url, message).catch(() => ({ status: 503 })));
  return new Set((await Promise.all(answers)).map(({ status }) => status));
}

async function withstands(t: TestContext, server: FunctionProcess, flood: Flood): Promise<void> {
  const { result: statuses, ...probes } = await probeDuring(server.url, () => sendAll(server.url, flood));
  const peak = peakMemory(server.pid);
  t.diagnostic(`peak ${peak.toFixed(0)} MiB, slowest probe ${probes.slowest.toFixed(0)} ms`);
  assert.ok(peak < memoryLimit, `${peak} MiB`);
  assert.deepEqual(probes.statuses, [200]);
  assert.ok(probes.slowest < longestProbe, `${probes.slowest} ms`);
  for (const status of statuses) assert.ok(flood.statuses.includes(status ?? 0), String(status));
  assert.equal((await send(server.url, binary(podEvent(crashLoopingPod())))).status, 204);
}

for (const [what, flood] of Object.entries(floods)) {
  test(`${what} at once leave the function within its memory limit, and its probes answered`, async (t) => {
    await using gateway = await startHttpStub();
    await using ledger = await startProcess(['functions/main.ts'], { PUSHGATEWAY_URL: gateway.url });
    await withstands(t, ledger, flood);
  });
}

const kept = [204, 503];
const deadLetterFloods: Readonly<Record<string, Flood>> = {
  ...Object.fromEntries(Object.entries(floods).map(([what, flood]) => [what, { ...flood, statuses: kept }])),
  '20 batches of 16 MiB of empty lists': {
    count: 20,
    message: { ...batched(), body: manyLists(16 * mebibyte) },
    statuses: kept,
  },
};

for (const [what, flood] of Object.entries(deadLetterFloods)) {
  test(`${what} at once leave the dead-letter sink within its memory limit, and its probes answered`, async (t) => {
    const file = folder.write('dead-letters.ndjson', '');
    await using sink = await startProcess(['lib/cli/main.ts', 'dead-letters', file], {});
    await withstands(t, sink, flood);
    rmSync(file);
  });
}
