import { addressOf } from '../../bare-url.ts';
import { type Server, urlSetting } from '../../config/access-settings.ts';
import type { Config } from '../../config.ts';
import { LedgerError } from '../../errors.ts';
import type { LoadKubeConfig } from '../../kubernetes/api/cluster.ts';
import type { Refusal } from '../replay/replay.ts';
import type { Selection } from '../replay/selection.ts';
import type { HistorySource } from './history-source.ts';

/** What each source needs of the configuration. */
export type HistoryConfig = Pick<Config, 'prometheus' | 'pushgateway' | 'retention' | 'cluster'>;

/** What a person has asked for by options; the configuration has the values. */
export interface AskedSource {
  readonly prometheus: boolean;
  readonly pushgateway: boolean;
  /** Whether an option names the cluster. */
  readonly cluster: boolean;
  /** Files, directories, patterns, or `-`. */
  readonly files: readonly string[];
}

export interface HistoryDependencies {
  readonly nowSeconds: () => number;
  /** Which Pods, where the source has whole Pods; default: all. */
  readonly selectsPod?: Selection['selectsPod'];
  /** Called with a part of a source that cannot be read; the others are read. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Called with how much has been read, from 0 to 1, where that is known. */
  readonly onProgress?: (part: number) => void;
  /** Reads the kubeconfig; by default where kubectl finds it. */
  readonly loadKubeConfig?: LoadKubeConfig;
}

/** A source that is open. */
export interface OpenHistorySource extends HistorySource {
  readonly kind: 'prometheus' | 'pushgateway' | 'files' | 'cluster';
  close(): Promise<void>;
}

/**
 * The source that the options name, of which there may be one; else the configured Prometheus, else the configured
 * Pushgateway, else the cluster. Each kind is loaded only where it is used.
 *
 * @throws LedgerError `usage` when several are named. A read throws `gateway-refused` where what should be a Pushgateway is
 * none.
 */
export async function openHistorySource(
  config: HistoryConfig,
  asked: AskedSource,
  dependencies: HistoryDependencies,
): Promise<OpenHistorySource> {
  const { prometheus, pushgateway, cluster, files } = asked;
  const named = [prometheus, pushgateway, cluster, files.length > 0].filter(Boolean);
  if (named.length > 1) throw severalSources();
  const configured = named.length === 0;
  if (config.prometheus !== undefined && (prometheus || configured)) {
    return await openPrometheus(config.prometheus, config, dependencies);
  }
  if (config.pushgateway.url !== undefined && (pushgateway || configured)) {
    return await openPushgateway(config.pushgateway.url, config);
  }
  if (files.length > 0) return await openFiles(files, dependencies);
  return await openTheCluster(config, dependencies);
}

async function openPrometheus(
  server: Server,
  { retention }: HistoryConfig,
  { nowSeconds, onProgress }: HistoryDependencies,
): Promise<OpenHistorySource> {
  const { prometheusHistory } = await import('./prometheus-history.ts');
  const source = prometheusHistory(server, {
    timeoutMilliseconds: queryTimeout,
    retentionSeconds: retention.seconds,
    nowSeconds,
    ...(onProgress !== undefined && { onProgress }),
  });
  return { ...source, kind: 'prometheus', close: async () => {} };
}

/** A little less than a Prometheus itself allows by default. */
const queryTimeout = 110_000;

async function openPushgateway(url: URL, { pushgateway }: HistoryConfig): Promise<OpenHistorySource> {
  const { createPushgateway } = await import('../../pushgateway/pushgateway.ts');
  const { gatewayStatus } = await import('../../pushgateway/gateway-status.ts');
  const { pushgatewayHistory } = await import('./pushgateway-history.ts');
  const gateway = createPushgateway({ ...pushgateway, url });
  const source = pushgatewayHistory(gateway, addressOf(url));
  return {
    ...source,
    async read(range) {
      const restarts = await source.read(range);
      // Many servers have a page /metrics: that of another one must not read as an empty record.
      if (restarts.length === 0 && (await gatewayStatus(gateway)) === undefined)
        throw noPushgateway(url, urlSetting(pushgateway.access));
      return restarts;
    },
    kind: 'pushgateway',
    close: () => gateway.close(),
  };
}

function noPushgateway(url: URL, setting: string): LedgerError {
  return new LedgerError('gateway-refused', {
    operation: 'reading',
    subject: `the records of ${addressOf(url)}`,
    fact: 'it does not answer as a Pushgateway does',
    remedy: `check ${setting}; a Prometheus or a VictoriaMetrics is read by --prometheus URL`,
  });
}

async function openFiles(
  paths: readonly string[],
  { selectsPod = () => true, onRefused = () => {}, onProgress = () => {} }: HistoryDependencies,
): Promise<OpenHistorySource> {
  const { findFiles } = await import('../replay/find-files.ts');
  const { fileChunks } = await import('../../files/file-chunks.ts');
  const { fileHistory } = await import('./file-history.ts');
  const files = await findFiles(paths, onRefused);
  const total = files.reduce((sum, { size = Number.NaN }) => sum + size, 0);
  let read = 0;
  const source = fileHistory(files, {
    chunksOf: (path, onBytes) => fileChunks(path, { onBytes, signal: neverAborted }),
    selectsPod,
    onRefused,
    onProgress(bytes) {
      read += bytes;
      if (total > 0) onProgress(Math.min(1, read / total));
    },
  });
  return { ...source, kind: 'files', close: async () => {} };
}

/** A read is ended by the signal that ends the process. */
const neverAborted = new AbortController().signal;

async function openTheCluster(
  { cluster }: HistoryConfig,
  { onRefused = () => {}, loadKubeConfig }: HistoryDependencies,
): Promise<OpenHistorySource> {
  const { openCluster } = await import('../../kubernetes/api/cluster.ts');
  const { clusterHistory } = await import('./cluster-history.ts');
  const source = clusterHistory(openCluster(cluster, loadKubeConfig), (failure) =>
    onRefused({ where: 'a Pod of the cluster', failure, text: undefined }),
  );
  return {
    ...source,
    async read(range) {
      try {
        return await source.read(range);
      } catch (failure) {
        const isUnconfigured = failure instanceof LedgerError && failure.kind === 'cluster-unconfigured';
        throw isUnconfigured ? noSource(failure) : failure;
      }
    },
    kind: 'cluster',
    close: async () => {},
  };
}

function noSource(cause: LedgerError): LedgerError {
  const parts = {
    operation: 'looking for',
    subject: 'recorded restarts',
    fact: 'there is no Prometheus, no Pushgateway, no file and no kubeconfig to read them from',
    remedy: 'give --prometheus URL, --pushgateway URL or files, or set PROMETHEUS_URL or PUSHGATEWAY_URL',
  };
  return new LedgerError('cluster-unconfigured', parts, { cause });
}

function severalSources(): LedgerError {
  return new LedgerError('usage', {
    operation: 'choosing',
    subject: 'what the history is read from',
    fact: '--prometheus, --pushgateway, --context or --kubeconfig, and files: more than one is given',
    remedy: 'give one of them',
  });
}
