import { setTimeout as delay } from 'node:timers/promises';
import { type Config, type Environment, insideCluster, readConfig } from '../../config.ts';
import { startHealthServer } from '../../http/health-server.ts';
import { createApiServer } from '../../kubernetes/api/api-server.ts';
import { followPods } from '../../kubernetes/api/follow-pods.ts';
import { type PodScope, podScopes } from '../../kubernetes/api/pods-path.ts';
import { watchRestarts } from '../../ledger/watch-restarts.ts';
import { createLog, failureFields, type Log, restartFields } from '../../observability/log.ts';
import { openTracing } from '../../observability/open-tracing.ts';
import { createOutageLog } from '../../observability/outage-log.ts';
import { podAttributes } from '../../observability/span-attributes.ts';
import { inSpan } from '../../observability/spans.ts';
import { createWatchMetrics } from '../../observability/watch-metrics.ts';
import type { Restart } from '../../restarts/restart.ts';
import { createOutageRetry } from '../../retry.ts';
import { takeSignals } from '../../signals.ts';
import { type ClusterAccess, clusterAccess, type KubectlOptions } from '../kubectl-options.ts';
import { restartLine } from '../output/restart-line.ts';
import { flagsOf, type Overrides } from '../overrides.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { createFirstSeen } from './first-seen.ts';
import { openWatchSink, type WatchSink } from './open-watch-sink.ts';

export type WatchOptions = Pick<Overrides, 'sink' | 'pushgateway'> & KubectlOptions;

/** The API server sends a bookmark about every minute: https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks */
const idleTimeoutMilliseconds = 150_000;

/**
 * The command `restart-ledger watch`: follows the Pods of a cluster until a signal comes, and takes the restarts that
 * they show to a sink, a Pushgateway, or an embedded one. Several may watch one cluster: each records the same.
 *
 * @throws LedgerError of what is not retryable: no usable kubeconfig, a missing permission.
 */
export async function watchCommand(
  options: WatchOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const access = clusterAccess(options, environment);
  const config = readWatchConfig(options, access);
  const log = createLog(config.logLevel, process.stderr.fd);
  const tracing = await openTracing(environment, log);
  const metrics = createWatchMetrics();
  using signals = takeSignals();
  const ending = new AbortController();
  const signal = AbortSignal.any([signals.signal, ending.signal]);
  const timing = {
    sleep: (milliseconds: number) => delay(milliseconds, undefined, { signal }).catch(() => {}),
    random: Math.random,
  };

  const sink = await openWatchSink(config, metrics);
  try {
    // No address is announced by a watch that cannot begin.
    await access.loadKubeConfig();
  } catch (failure) {
    await sink.close();
    throw failure;
  }
  if (sink.isEmbedded) {
    terminal.err(`timeline at ${sink.url}`);
    terminal.err(`metrics at ${sink.url}metrics, in memory until Ctrl-C ends the watch`);
  }
  const report = createReport(sink, terminal, log);
  const scopes = podScopes(config.cluster.namespaces, config.cluster.podSelector);
  const unlisted = new Set(scopes);
  const toRelist = new Set<PodScope>();
  const health = await startHealthServer(config.server, { metrics, isReady: () => unlisted.size === 0, log });
  log.info({ url: health.url, to: sink.url }, 'watching');

  const retryThroughOutage = createOutageRetry({
    ...timing,
    limitMilliseconds: Number.POSITIVE_INFINITY,
    nowMilliseconds: () => performance.now(),
    isEnding: () => signal.aborted,
    onUnavailable: (failure) => log.warn(failureFields(failure), 'unavailable: waiting for the receiver'),
    onAvailable(milliseconds) {
      // What it had accepted just before the outage may be lost with it.
      for (const scope of scopes) toRelist.add(scope);
      log.info(
        { seconds: Math.round(milliseconds / 1000) },
        'the receiver is available again: relisting soon',
      );
    },
  });
  const outages = createOutageLog<PodScope>(() => performance.now(), 'the watch relists when it is back');
  const server = createApiServer({
    loadKubeConfig: access.loadKubeConfig,
    timeoutMilliseconds: config.cluster.timeoutMilliseconds,
  });
  const watches = scopes.map(async (scope) => {
    const pods = followPods(server, scope, {
      ...timing,
      signal,
      idleTimeoutMilliseconds,
      needsRelist: () => toRelist.delete(scope),
      onListed(pods) {
        unlisted.delete(scope);
        metrics.listed();
        outages.succeeded(log, scope);
        log.info({ namespace: scope.namespace, pods }, 'listed');
      },
      onOutage(failure) {
        metrics.outage();
        outages.failed(log, scope, failure);
      },
    });
    await watchRestarts(pods, {
      async deliver(observation) {
        await inSpan(
          'deliver',
          () => podAttributes(observation.pod),
          () => retryThroughOutage(() => sink.take(observation)),
        );
        metrics.podDelivered();
        report(observation.restarts);
      },
      retention: config.retention,
      nowSeconds: () => Date.now() / 1000,
      onRefused(failure) {
        metrics.podRefused();
        log.error(failureFields(failure), 'a Pod was not recorded');
      },
    });
  });
  try {
    await Promise.all(watches);
  } finally {
    ending.abort();
    await Promise.allSettled(watches);
    await sink.close();
    await health.close();
    await tracing.close();
  }
  return 0;
}

/** Each restart once: as a line of output where the gateway is embedded, else in the log. */
function createReport({ isEmbedded, taken }: WatchSink, terminal: Terminal, log: Log) {
  const isFirst = createFirstSeen();
  return (restarts: readonly Restart[]): void => {
    for (const restart of restarts.filter(isFirst)) {
      if (isEmbedded) terminal.out(restartLine(restart, process.stdout.isTTY));
      else log.info(restartFields(restart), taken);
    }
  };
}

/** Outside a cluster it listens on localhost, on any free port; in a cluster probes and scrapes come from outside. */
function readWatchConfig(options: WatchOptions, { environment, flags }: ClusterAccess): Config {
  const defaults = insideCluster(environment) ? {} : { HOST: '127.0.0.1', PORT: '0' };
  return readConfig({ ...defaults, ...environment }, [...flagsOf(options), ...flags]);
}
