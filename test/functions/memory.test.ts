import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { batched, binary, podEvent } from '../fixtures/pod-events.ts';
import { crashLoopingPod } from '../fixtures/pods.ts';
import { flood } from '../helpers/flood.ts';
import { type FunctionProcess, startProcess } from '../helpers/function-process.ts';
import { startHttpStub } from '../helpers/http-stub.ts';
import { probeDuring, probed } from '../helpers/probes.ts';
import { peakMemory } from '../helpers/resident-memory.ts';
import { type Message, send } from '../helpers/send.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const mebibyte = 2 ** 20;
/** What the manifests allow. */
const memoryLimit = 512;
/**
 * What a probe may wait for the server, in milliseconds of the CPU time of its main thread: twice what it is to be, since the same
 * work takes up to twice the CPU time where other programs share the caches and cores.
 */
const longestWait = 200;
/** As in production: with debug lines each refusal is a line. */
const environment = { LOG_LEVEL: 'info' };
const folder = temporaryFolder('memory-');

/** A Pod with a restart, as large as may be. */
function largePod(bytes: number): Message {
  const message = binary(podEvent(crashLoopingPod()));
  const pod = String(message.body);
  const padding = 'x'.repeat(bytes - pod.length - '"padding":"",'.length);
  return { ...message, body: Buffer.from(`{"padding":"${padding}",${pod.slice(1)}`) };
}

/** A Pod with a restart and as many values as may be. */
function detailedPod(bytes: number): Message {
  const message = binary(podEvent(crashLoopingPod()));
  const pod = String(message.body);
  const detail = '{"name":"LEVEL","value":"debug"},';
  const details = detail.repeat(Math.floor((bytes - pod.length) / detail.length) - 1);
  return { ...message, body: Buffer.from(`{"details":[${details}{}],${pod.slice(1)}`) };
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
  '200 Pods of 4 MiB with many values': {
    count: 200,
    message: detailedPod(4 * mebibyte),
    statuses: [204, 503],
  },
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

async function withstands(
  t: TestContext,
  server: FunctionProcess,
  { count, message, statuses: allowed }: Flood,
): Promise<void> {
  // The first event loads what sending records takes.
  assert.equal((await send(server.url, binary(podEvent(crashLoopingPod())))).status, 204);
  const { result: statuses, ...probes } = await probeDuring(server, () => flood(server.url, count, message));
  const peak = peakMemory(server.pid);
  t.diagnostic(
    `peak ${peak.toFixed(0)} MiB, ${probes.count} probes, longest wait ${probes.longestWait.toFixed(0)} ms of CPU time, slowest ${probes.slowest.toFixed(0)} ms`,
  );
  assert.ok(peak < memoryLimit, `${peak} MiB`);
  assert.deepEqual(probes.statuses, [200]);
  assert.ok(probes.longestWait < longestWait, `${probes.longestWait} ms of CPU time`);
  for (const status of statuses) assert.ok(allowed.includes(status), String(status));
  assert.equal((await send(server.url, binary(podEvent(crashLoopingPod())))).status, 204);
}

for (const [what, attack] of Object.entries(floods)) {
  test(`${what} at once leave the function within its memory limit, and its probes answered`, async (t) => {
    await using gateway = await startHttpStub();
    await using ledger = await startProcess([...probed, 'functions/main.ts'], {
      ...environment,
      PUSHGATEWAY_URL: gateway.url,
    });
    await withstands(t, ledger, attack);
  });
}

const kept = [204, 503];
const deadLetterFloods: Readonly<Record<string, Flood>> = {
  ...Object.fromEntries(Object.entries(floods).map(([what, each]) => [what, { ...each, statuses: kept }])),
  '20 batches of 16 MiB of empty lists': {
    count: 20,
    message: { ...batched(), body: manyLists(16 * mebibyte) },
    statuses: kept,
  },
};

for (const [what, attack] of Object.entries(deadLetterFloods)) {
  test(`${what} at once leave the dead-letter sink within its memory limit, and its probes answered`, async (t) => {
    const file = folder.write('dead-letters.ndjson', '');
    await using sink = await startProcess([...probed, 'lib/cli/main.ts', 'dead-letters', file], environment);
    await withstands(t, sink, attack);
    rmSync(file);
  });
}
