import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { findProgram } from './find-program.ts';
import { freePort } from './free-port.ts';
import { type RunningProcess, startProgram } from './process.ts';

/** A real service that runs on a free port of 127.0.0.1 with a folder of its own. */
export interface RealService {
  readonly url: string;
  readonly pid: number | undefined;
  /** The folder of its data; restarting it with the same folder restores them. */
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
  if (findProgram(program) !== undefined) return false;
  const reason = `${program} is not installed`;
  if (process.env['REQUIRE_REAL_SERVICES'] === '1') throw new Error(`${reason}, and it is required here`);
  process.stderr.write(`SKIPPED, not tested on this machine: ${reason}\n`);
  return reason;
}

export interface ServiceOptions {
  readonly flags?: readonly string[];
  /** Whether it persists its groups in a file; `true` by default. */
  readonly persists?: boolean;
  /** The data folder of an earlier instance; by default a new one. */
  readonly folder?: string;
  /** The path of its web configuration, with TLS. */
  readonly tls?: string;
  /** The path that it serves everything below, as `/vm`; a part of its URL. */
  readonly path?: string;
}

export async function startPushgateway({
  flags = [],
  persists = true,
  folder,
  path = '',
  tls,
}: ServiceOptions = {}): Promise<RealService> {
  return await startService(
    'prometheus-pushgateway',
    folder,
    (kept) => [
      '--web.listen-address=127.0.0.1:0',
      `--web.route-prefix=${path}/`,
      `--persistence.file=${persists ? join(kept, 'pushgateway.db') : ''}`,
      ...webConfiguration(tls),
      ...flags,
    ],
    { path, speaksTls: tls !== undefined },
  );
}

function webConfiguration(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [`--web.config.file=${path}`];
}

export interface PrometheusOptions {
  /** Base URL of the Pushgateway to scrape; by default none. */
  readonly scrapes?: string;
  /** Whether the records keep their own labels (`honor_labels`); `true` by default. */
  readonly honorLabels?: boolean;
  /** Base URL of a function whose own metrics are scraped too. */
  readonly scrapesFunction?: string;
  /** The path of a file of rules. */
  readonly rules?: string;
  /** Base URL of the Alertmanager that alerts go to. */
  readonly alertmanager?: string;
  /** How often it scrapes, and how long a scrape may take; `250ms` by default. */
  readonly every?: string;
  readonly flags?: readonly string[];
  readonly folder?: string;
  /** The path of its web configuration, with TLS. */
  readonly tls?: string;
}

export async function startPrometheus({
  scrapes,
  honorLabels = true,
  scrapesFunction,
  rules,
  alertmanager,
  every = '250ms',
  flags = [],
  folder,
  tls,
}: PrometheusOptions): Promise<RealService> {
  const parameters = (kept: string) => {
    const configuration = join(kept, 'prometheus.json');
    const often = { scrape_interval: every, scrape_timeout: every };
    const hosts = (url: string) => ({ static_configs: [{ targets: [new URL(url).host] }] });
    const target = (url: string) => ({ ...hosts(url), ...often });
    const scrape_configs: object[] = [];
    if (scrapes !== undefined)
      scrape_configs.push({ job_name: 'pushgateway', honor_labels: honorLabels, ...target(scrapes) });
    if (scrapesFunction !== undefined)
      scrape_configs.push({ job_name: 'restart-ledger', honor_labels: false, ...target(scrapesFunction) });
    const alertmanagers = alertmanager === undefined ? [] : [hosts(alertmanager)];
    const rule_files = rules === undefined ? [] : [rules];
    const settings = { scrape_configs, rule_files, alerting: { alertmanagers } };
    writeFileSync(configuration, JSON.stringify(settings));
    return [
      `--config.file=${configuration}`,
      '--web.listen-address=127.0.0.1:0',
      `--storage.tsdb.path=${join(kept, 'data')}`,
      ...webConfiguration(tls),
      ...flags,
    ];
  };
  return await startService('prometheus', folder, parameters, { speaksTls: tls !== undefined });
}

/** `configuration` is the path of its configuration file. */
export async function startAlertmanager(configuration: string): Promise<RealService> {
  return await startService('prometheus-alertmanager', undefined, (kept) => [
    `--config.file=${configuration}`,
    '--web.listen-address=127.0.0.1:0',
    '--cluster.listen-address=',
    `--storage.path=${join(kept, 'data')}`,
  ]);
}

/** VictoriaMetrics, a single node of it. */
export async function startVictoriaMetrics({
  flags = [],
  folder,
  path = '',
}: ServiceOptions = {}): Promise<RealService> {
  for (let attempt = 1; ; attempt += 1) {
    // With port 0 it does not log which port it listens on.
    const port = await freePort();
    try {
      return await startService(
        'victoria-metrics',
        folder,
        (kept) => [
          ...flags,
          `-httpListenAddr=127.0.0.1:${port}`,
          `-http.pathPrefix=${path}`,
          `-storageDataPath=${join(kept, 'data')}`,
        ],
        { path },
      );
    } catch (error) {
      // Another process may have taken the free port in between.
      if (attempt === 5) throw error;
    }
  }
}

async function startService(
  program: string,
  folder: string | undefined,
  parameters: (folder: string) => readonly string[],
  { path = '', speaksTls = false }: { readonly path?: string; readonly speaksTls?: boolean } = {},
): Promise<RealService> {
  const kept = folder ?? mkdtempSync(join(tmpdir(), `${program}-`));
  const running = startProgram(program, parameters(kept), { stdout: 'ignore' });
  try {
    return service(running, await (speaksTls ? listeningAt(running) : readyAt(running, path)), kept);
  } catch (error) {
    await running[Symbol.asyncDispose]();
    if (folder === undefined) rmSync(kept, { recursive: true, force: true });
    throw error;
  }
}

/** What each of them logs once it listens. */
const listening = /(?:"Listening on".* address=|server at http:\/\/)([^\s/]+)/;

/** The URL of a service with TLS, once it listens: what it is asked may need a certificate. */
async function listeningAt(running: RunningProcess): Promise<string> {
  return await eventually(() => {
    if (running.hasExited) throw new Error(`a service ended at its start: ${running.stderr()}`);
    const [, address = ''] = listening.exec(running.stderr()) ?? [];
    assert.notEqual(address, '', 'it has not written its address yet');
    return `https://${address}`;
  });
}

/** The URL of a service that has just been started, once it is ready there. */
async function readyAt(running: RunningProcess, path: string): Promise<string> {
  const url = await eventually(async () => {
    if (running.hasExited) return undefined;
    const [, address = ''] = listening.exec(running.stderr()) ?? [];
    assert.notEqual(address, '', 'it has not written its address yet');
    const answer = await fetch(`http://${address}${path}/-/ready`);
    await answer.arrayBuffer();
    // A service that requires credentials is ready.
    assert.ok(answer.ok || answer.status === 401, `not ready: ${answer.status}`);
    return `http://${address}${path}`;
  });
  if (url === undefined) throw new Error(`a service ended at its start: ${running.stderr()}`);
  return url;
}

function service(running: RunningProcess, url: string, folder: string): RealService {
  return {
    url,
    pid: running.pid,
    folder,
    async kill(signal = 'SIGTERM') {
      running.kill(signal);
      await running.ended;
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
