import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** A real service that runs on 127.0.0.1 with a folder of its own, and ends with the test process at the latest. */
export interface RealService {
  readonly url: string;
  readonly port: number;
  /** What the service keeps; starting it again with the same folder finds it. */
  readonly folder: string;
  /** Resolves when the process has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Kills the process and removes its folder. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * For the `skip` option of a test: `false` when the program is there, else the reason, which goes to standard error
 * too. Where REQUIRE_REAL_SERVICES is 1, a missing program is an error.
 */
export function missing(program: string): string | false {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  if (folders.some((folder) => isExecutable(join(folder, program)))) return false;
  const reason = `${program} is not installed`;
  if (process.env['REQUIRE_REAL_SERVICES'] === '1') throw new Error(`${reason}, and it is required here`);
  process.stderr.write(`SKIPPED, not tested on this machine: ${reason}\n`);
  return reason;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface ServiceOptions {
  readonly flags?: readonly string[];
  /** Whether it keeps its groups in a file; it does when it is left out. */
  readonly persists?: boolean;
  /** To start again where an earlier one was; a free port and a new folder when left out. */
  readonly port?: number;
  readonly folder?: string;
}

export async function startPushgateway({
  flags = [],
  persists = true,
  port,
  folder,
}: ServiceOptions = {}): Promise<RealService> {
  return await startService('prometheus-pushgateway', port, folder, (at, kept) => [
    `--web.listen-address=127.0.0.1:${at}`,
    `--persistence.file=${persists ? join(kept, 'pushgateway.db') : ''}`,
    ...flags,
  ]);
}

export interface PrometheusOptions {
  /** Base URL of the Pushgateway to scrape; none is when it is left out. */
  readonly scrapes?: string;
  /** Whether the records keep their own labels; they do when it is left out. */
  readonly honorLabels?: boolean;
  /** Base URL of a function whose own metrics are scraped too. */
  readonly scrapesFunction?: string;
  readonly flags?: readonly string[];
  readonly port?: number;
  readonly folder?: string;
}

export async function startPrometheus({
  scrapes,
  honorLabels = true,
  scrapesFunction,
  flags = [],
  port,
  folder,
}: PrometheusOptions): Promise<RealService> {
  return await startService('prometheus', port, folder, (at, kept) => {
    const configuration = join(kept, 'prometheus.json');
    const often = { scrape_interval: '250ms', scrape_timeout: '250ms' };
    const target = (url: string) => ({ static_configs: [{ targets: [new URL(url).host] }], ...often });
    const scrape_configs: object[] = [];
    if (scrapes !== undefined)
      scrape_configs.push({ job_name: 'pushgateway', honor_labels: honorLabels, ...target(scrapes) });
    if (scrapesFunction !== undefined)
      scrape_configs.push({ job_name: 'restart-ledger', honor_labels: false, ...target(scrapesFunction) });
    writeFileSync(configuration, JSON.stringify({ scrape_configs }));
    return [
      `--config.file=${configuration}`,
      `--web.listen-address=127.0.0.1:${at}`,
      `--storage.tsdb.path=${join(kept, 'data')}`,
      ...flags,
    ];
  });
}

/** VictoriaMetrics, a single node of it. */
export async function startVictoriaMetrics({
  flags = [],
  port,
  folder,
}: ServiceOptions = {}): Promise<RealService> {
  return await startService('victoria-metrics', port, folder, (at, kept) => [
    ...flags,
    `-httpListenAddr=127.0.0.1:${at}`,
    `-storageDataPath=${join(kept, 'data')}`,
  ]);
}

const attempts = 5;

async function startService(
  program: string,
  port: number | undefined,
  folder: string | undefined,
  parameters: (port: number, folder: string) => readonly string[],
): Promise<RealService> {
  const kept = folder ?? mkdtempSync(join(tmpdir(), `${program}-`));
  for (let attempt = 1; ; attempt += 1) {
    const at = port ?? (await freePort());
    const child = spawn(program, parameters(at, kept), { stdio: 'ignore' });
    const service = runningService(child, at, kept);
    try {
      await eventually(async () => await checkReady(child, service.url));
      return service;
    } catch (error) {
      await service.kill();
      // Another process may have taken the free port in between.
      if (attempt === attempts || port !== undefined) throw error;
    }
  }
}

async function checkReady(child: ChildProcess, url: string): Promise<void> {
  const answer = child.exitCode === null ? await fetch(`${url}/-/ready`) : undefined;
  if (!answer?.ok) throw new Error(`${child.spawnfile} is not ready`);
  await answer.arrayBuffer();
}

function runningService(child: ChildProcess, port: number, folder: string): RealService {
  const exited = once(child, 'exit');
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const kill = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    await exited;
    process.off('exit', killAtExit);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    folder,
    kill,
    async [Symbol.asyncDispose]() {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
