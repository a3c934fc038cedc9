import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';
import { type RealService, startPrometheus, startPushgateway } from './real-services.ts';
import { writeShiftedExamples } from './shifted-examples.ts';

/** The recorded examples: a function, a real Pushgateway, and a real Prometheus that scrapes both. */
export interface RecordedExamples {
  readonly prometheusUrl: string;
  readonly functionUrl: string;
  readonly gatewayUrl: string;
  /** Replays the examples once more. */
  replayAgain(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RecordedExamplesOptions {
  /** By how many seconds the times of `examples/` are shifted. */
  readonly shift: number;
  readonly prometheusFlags?: readonly string[];
}

/** Replays the examples to the function, and pushes two missed restarts, which `examples/` cannot show. */
export async function startRecordedExamples({
  shift,
  prometheusFlags = [],
}: RecordedExamplesOptions): Promise<RecordedExamples> {
  const running: (RealService | FunctionProcess)[] = [];
  const stop = async () => {
    for (const one of running.toReversed()) await one[Symbol.asyncDispose]();
  };
  try {
    const gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
    running.push(gateway);
    const settings = { PUSHGATEWAY_URL: gateway.url, METRICS: 'all', GROUPING_LABELS: 'cluster=eu-1' };
    const ledger = await startFunction(settings);
    running.push(ledger);
    const prometheus = await startPrometheus({
      scrapes: gateway.url,
      scrapesFunction: ledger.url,
      flags: prometheusFlags,
    });
    running.push(prometheus);
    const replayAgain = () => replayTo(ledger.url, shift);
    await replayAgain();
    await pushMissedRestarts(gateway.url);
    const urls = { prometheusUrl: prometheus.url, functionUrl: ledger.url, gatewayUrl: gateway.url };
    return { ...urls, replayAgain, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function replayTo(functionUrl: string, shift: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  try {
    const files = writeShiftedExamples(folder, shift);
    const { code, stderr } = await runCommand(['replay', '--quiet', '--to', functionUrl, ...files]);
    assert.equal(code, 0, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As reconcile pushes it: the containers with missed restarts, and the sum over all. */
async function pushMissedRestarts(gatewayUrl: string): Promise<void> {
  const body = `\
# TYPE pod_monitor_container_restarts_missed gauge
pod_monitor_container_restarts_missed{namespace="shop",pod="cart-0",container="cart"} 2
# TYPE pod_monitor_restarts_missed gauge
pod_monitor_restarts_missed 2
`;
  const path = '/metrics/job/pod_monitor_audit/cluster/eu-1';
  const answer = await fetch(`${gatewayUrl}${path}`, { method: 'POST', body });
  assert.equal(answer.status, 202, await answer.text());
}
