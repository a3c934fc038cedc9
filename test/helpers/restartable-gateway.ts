import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { type RunningProcess, startProgram } from './process.ts';

/**
 * A real Pushgateway that keeps its port and its file while it is restarted, as one behind a Service does: connections to it are
 * its own, so what it does with them while it ends reaches the clients.
 */
export interface RestartableGateway {
  readonly url: string;
  /** Ends it by the signal, and resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again after its end, with what it has persisted; resolves when it is ready. */
  start(): Promise<void>;
  /** Stops it as a whole (`SIGSTOP`), or lets it go on (`SIGCONT`). */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RestartableGatewayOptions {
  readonly flags?: readonly string[];
}

export async function startRestartableGateway({
  flags = [],
}: RestartableGatewayOptions = {}): Promise<RestartableGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'pushgateway-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = join(folder, 'pushgateway.db');
  let running: RunningProcess;

  async function start(): Promise<void> {
    const parameters = [`--web.listen-address=127.0.0.1:${port}`, `--persistence.file=${file}`, ...flags];
    running = startProgram('prometheus-pushgateway', parameters, { stdout: 'ignore' });
    await eventually(async () => {
      assert.ok(running.hasExited || (await fetch(`${url}/-/ready`)).ok, 'not ready');
    });
    if (running.hasExited) throw new Error(`the Pushgateway ended at its start: ${running.stderr()}`);
  }

  await start();
  return {
    url,
    async end(signal) {
      running.kill(signal);
      await running.ended;
    },
    start,
    signal: (signal) => running.kill(signal),
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
