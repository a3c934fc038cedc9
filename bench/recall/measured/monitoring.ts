import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../test/helpers/free-port.ts';
import type { Command, Processes } from '../processes.ts';
import { pathOf } from '../programs.ts';
import { scrapeIntervals, scrapeJob } from '../scoring/kube-state-metrics.ts';
import { until } from '../until.ts';

export interface MonitoringSettings {
  readonly folder: string;
  readonly processes: Processes;
  readonly signal: AbortSignal;
  /** What each path records in: base URLs of gateways by the name of the path. */
  readonly gateways: Readonly<Record<string, string>>;
  readonly kubeconfig: string;
}

/** The flags of `deploy/components/pushgateway`. */
export function gatewayCommand(folder: string, name: string, port: number): Command {
  return {
    program: pathOf('prometheus-pushgateway'),
    parameters: [
      `--web.listen-address=127.0.0.1:${port}`,
      `--persistence.file=${join(folder, `${name}.db`)}`,
      '--persistence.interval=1m',
      '--push.disable-consistency-check',
    ],
  };
}

/** Starts kube-state-metrics and a Prometheus that scrapes it and the gateways; gives the URL of the Prometheus. */
export async function startMonitoring(settings: MonitoringSettings): Promise<string> {
  const { folder, processes, signal, gateways, kubeconfig } = settings;
  const states = await freePort();
  processes.start('kube-state-metrics', {
    program: pathOf('kube-state-metrics'),
    parameters: [
      `--kubeconfig=${kubeconfig}`,
      '--resources=pods',
      '--host=127.0.0.1',
      `--port=${states}`,
      '--telemetry-host=127.0.0.1',
      `--telemetry-port=${await freePort()}`,
    ],
  });
  const recordJobs = Object.entries(gateways).map(([path, url]) => ({
    job_name: path,
    honor_labels: true,
    scrape_interval: '5s',
    static_configs: [{ targets: [new URL(url).host], labels: { path } }],
  }));
  const stateJobs = scrapeIntervals.map((interval) => ({
    job_name: scrapeJob(interval),
    honor_labels: true,
    scrape_interval: `${interval}s`,
    scrape_timeout: `${Math.min(interval, 10)}s`,
    static_configs: [{ targets: [`127.0.0.1:${states}`] }],
    metric_relabel_configs: [{ source_labels: ['__name__'], regex: '.*_last_terminated_.*', action: 'keep' }],
  }));
  const configuration = join(folder, 'prometheus.json');
  writeFileSync(configuration, JSON.stringify({ scrape_configs: [...recordJobs, ...stateJobs] }));
  const port = await freePort();
  processes.start('prometheus', {
    program: pathOf('prometheus'),
    parameters: [
      `--config.file=${configuration}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    ],
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (!(await fetch(`${url}/-/ready`)).ok) throw new Error('Prometheus is not ready');
  }, signal);
  return url;
}
