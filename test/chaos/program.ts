import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.ts';
import { freePort } from '../helpers/free-port.ts';
import { startNode } from '../helpers/node-program.ts';
import type { Environment, RunningProcess } from '../helpers/process.ts';

/** A server of the product that keeps its port while it is killed and started again. */
export interface Program {
  readonly url: string;
  /** Ends it by the signal and starts it again after so many milliseconds; resolves when it is ready. */
  restart(signal: 'SIGTERM' | 'SIGKILL', pause: number): Promise<void>;
  /** What it did that it must not: ended by itself, or with another exit code than 0 on SIGTERM. */
  readonly faults: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startServer(parameters: readonly string[], environment: Environment): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const faults: string[] = [];
  let isEnding = false;
  let running: RunningProcess;

  async function start(): Promise<void> {
    isEnding = false;
    const started = startNode(parameters, {
      environment: { PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error', ...environment },
      stdout: 'ignore',
    });
    running = started;
    void started.ended.then(({ code, signal, stderr }) => {
      if (!isEnding) faults.push(`${parameters[0]} ended by itself: ${code ?? signal} ${stderr}`);
    });
    await eventually(async () => {
      assert.ok(started.hasExited || (await fetch(`${url}/health/readiness`)).ok, 'not ready');
    });
  }

  await start();
  return {
    url,
    faults,
    async restart(signal, pause) {
      isEnding = true;
      running.kill(signal);
      const { code, stderr } = await running.ended;
      if (signal === 'SIGTERM' && code !== 0) faults.push(`exit code ${code} on SIGTERM: ${stderr}`);
      await delay(pause);
      await start();
    },
    async [Symbol.asyncDispose]() {
      isEnding = true;
      await running[Symbol.asyncDispose]();
    },
  };
}
