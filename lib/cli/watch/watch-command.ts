import { setTimeout as delay } from 'node:timers/promises';
import { type Config, type Environment, insideCluster, readConfig, withoutCluster } from '../../config.ts';
import { startHealthServer } from '../../http/health-server.ts';
import { createApiServer } from '../../kubernetes/api/api-server.ts';
import { followPods } from '../../kubernetes/api/follow-pods.ts';
import { loadKubeConfig } from '../../kubernetes/api/kube-config.ts';
import { podScopes } from '../../kubernetes/api/pods-path.ts';
import { watchRestarts } from '../../ledger/watch-restarts.ts';
import { createLog, failureFields } from '../../observability/log.ts';
import { createWatchMetrics } from '../../observability/watch-metrics.ts';
import { isKept } from '../../restarts/retention.ts';
import { createPatience } from '../../retry.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { openDestination } from './destination.ts';

export interface WatchOptions {
  readonly sink?: string;
  readonly pushgateway?: string;
}

/** The API server sends a bookmark about every minute: https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks */
const silenceMilliseconds = 150_000;

/**
 * The command `restart-ledger watch`: follows the Pods of a cluster until a signal comes, and takes the restarts that
 * they show to a sink, a Pushgateway, or an embedded one. Several may watch one cluster: each records the same.
 */
export async function watchCommand(
  options: WatchOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const config = readWatchConfig(options, environment);
  const log = createLog(config.logLevel, process.stderr.fd);
  const metrics = createWatchMetrics();
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
  const sleep = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: ending.signal }).catch(() => {});

  const destination = await openDestination(config, metrics, terminal);
  const { timeoutMilliseconds, namespaces, podSelector } = config.cluster;
  const scopes = podScopes(namespaces, podSelector);
  const unlisted = new Set(scopes);
  const health = await startHealthServer(config.server, { metrics, isReady: () => unlisted.size === 0 });
  log.info({ url: health.url, to: destination.url }, 'watching');

  const withPatience = createPatience({
    limit: Number.POSITIVE_INFINITY,
    now: () => performance.now(),
    sleep,
    isEnding: () => ending.signal.aborted,
    onAway: (failure) => log.warn(failureFields(failure), 'waiting for the receiver'),
  });
  const server = createApiServer({ loadKubeConfig, timeoutMilliseconds });
  const watches = scopes.map(async (scope) => {
    const pods = followPods(server, scope, {
      signal: ending.signal,
      sleep,
      silenceMilliseconds,
      onListed: () => {
        unlisted.delete(scope);
        metrics.listed();
      },
      onOutage: (failure) => {
        metrics.outage();
        log.warn(failureFields(failure), 'the watch broke: listing all Pods again');
      },
    });
    await watchRestarts(pods, {
      deliver: async (sighting) => {
        await withPatience(() => destination.take(sighting));
        metrics.podDelivered();
      },
      isKept: (time) => isKept(time, config.retention, Date.now() / 1000),
      onRefused: (failure) => {
        metrics.podRefused();
        log.error(failureFields(failure), 'a Pod was not recorded');
      },
    });
  });
  try {
    await Promise.all(watches);
  } finally {
    end();
    await Promise.allSettled(watches);
    await destination.close();
    await health.close();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, end);
  }
  return 0;
}

/** By hand it keeps to this machine, on any free port; in a cluster its probes and metrics are asked for from outside. */
function readWatchConfig({ sink, pushgateway }: WatchOptions, environment: Environment): Config {
  const given = {
    ...environment,
    ...(sink !== undefined && { K_SINK: sink }),
    ...(pushgateway !== undefined && { PUSHGATEWAY_URL: pushgateway }),
  };
  if (!insideCluster(environment)) return readConfig({ HOST: '127.0.0.1', PORT: '0', ...given });
  return readConfig(given.K_SINK ? withoutCluster(given) : given);
}
