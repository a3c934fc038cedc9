import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../test/helpers/eventually.ts';
import { type Environment, type RunningProcess, startProgram } from '../test/helpers/process.ts';
import { testedCore } from './contender.ts';
import { imageEnvironment } from './image-environment.ts';

/** A `watch`, on the core of what is tested. Disposing of it kills it. */
export interface RunningWatch extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Resolves once so many Pods have been delivered since its start. */
  delivered(count: number): Promise<void>;
}

/** Resolves once it has started to list. @param options Of the command; without any it records. */
export async function startWatch(
  environment: Environment,
  options: readonly string[] = [],
): Promise<RunningWatch> {
  const parameters = ['-c', testedCore, process.execPath, 'dist/lib/cli/main.js', 'watch', ...options];
  const running = startProgram('taskset', parameters, {
    environment: { ...imageEnvironment, PORT: '0', RETENTION: '0', ...environment },
    stdout: 'ignore',
  });
  const url = await eventually(() => metricsUrl(running));
  return {
    pid: running.pid,
    async delivered(count) {
      const start = performance.now();
      while ((await deliveredPods(url)) < count) {
        assert.ok(performance.now() - start < 300_000, 'the watch does not keep up');
        await delay(5);
      }
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function deliveredPods(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/watch_pods_total\{result="delivered"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

function metricsUrl(running: RunningProcess): string {
  const [, url] = /"url":"([^"]+)".*"msg":"watching"/.exec(running.stderr()) ?? [];
  if (url === undefined) throw new Error(`it does not watch yet: ${running.stderr()}`);
  return url;
}
