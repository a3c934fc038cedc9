import { costAt } from './line.ts';
import type { Measured } from './measured.ts';

/** A cluster, and how it is watched. */
export interface Cluster {
  readonly nodes: number;
  readonly pods: number;
  readonly updatesPerSecond: number;
  readonly restartsPerDay: number;
  /** Of the updates, those that show a termination: a status shows it until the container ends again or its Pod is gone. */
  readonly shareWithTermination: number;
  readonly reconcilesPerDay: number;
  readonly sweepsPerDay: number;
  readonly scrapesPerDay: number;
  /** MAX_RECORDS: what a sweep leaves in the Pushgateway. */
  readonly maxRecords: number;
}

export const largeCluster: Cluster = {
  nodes: 5_000,
  pods: 150_000,
  updatesPerSecond: 3_000,
  restartsPerDay: 50_000,
  shareWithTermination: 1 / 20,
  reconcilesPerDay: 24 * 6,
  sweepsPerDay: 24,
  scrapesPerDay: 24 * 120,
  maxRecords: 50_000,
};

/** One day of a path: CPU seconds and memory of what the project itself runs. */
export interface PathDay {
  readonly name: string;
  readonly cpuSeconds: number;
  /** Of the Pods that run all day. */
  readonly megabytes: number;
  readonly pushes: number;
}

/** One day of what stores the records. */
export interface StoreDay {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly series: number;
  readonly bytesPerScrape: number;
  /** What one day adds on disk; of a Pushgateway, what its file holds. */
  readonly bytesOnDisk: number;
}

const secondsPerDay = 86_400;

export function updatesPerDay({ updatesPerSecond }: Cluster): number {
  return updatesPerSecond * secondsPerDay;
}

/** What is counted with the path: reconcile and sweep. A sweep of VictoriaMetrics is none. */
function tasksOf(measured: Measured, cluster: Cluster): number {
  return (
    cluster.reconcilesPerDay * costAt(measured.reconcile.seconds, cluster.pods) +
    cluster.sweepsPerDay * costAt(measured.sweep.seconds, storedGroups(cluster))
  );
}

/** What the Pushgateway stores in the end: a day's restarts, or what a sweep leaves of more. */
export function storedGroups({ restartsPerDay, maxRecords }: Cluster): number {
  return Math.min(restartsPerDay * 7, maxRecords);
}

export function pathDays(measured: Measured, cluster: Cluster): readonly PathDay[] {
  const updates = updatesPerDay(cluster);
  const pushes = updates * cluster.shareWithTermination;
  const tasks = tasksOf(measured, cluster);
  const { fn, watch } = measured;
  const ofFunction = (updates - pushes) * fn.secondsPlain + pushes * fn.secondsRestart;
  return [
    {
      name: 'Knative: the function',
      cpuSeconds: ofFunction + tasks,
      megabytes: fn.megabytes * podsFor(ofFunction),
      pushes,
    },
    {
      name: 'standalone: `watch`',
      cpuSeconds: updates * watch.secondsPushing + tasks,
      megabytes: watch.megabytes,
      pushes,
    },
    {
      name: 'KEDA: `watch` and the function',
      cpuSeconds: updates * watch.secondsSending + pushes * fn.secondsRestart + tasks,
      megabytes: watch.megabytes + fn.megabytes * podsFor(pushes * fn.secondsRestart),
      pushes,
    },
  ];
}

/** Pods of one core each, as many as the work of a day fills evenly. */
function podsFor(cpuSeconds: number): number {
  return Math.max(1, Math.ceil(cpuSeconds / secondsPerDay));
}

export function storeDays(measured: Measured, cluster: Cluster): readonly StoreDay[] {
  const { pushgateway, prometheus, victoriaMetrics } = measured;
  const groups = storedGroups(cluster);
  const pushes = updatesPerDay(cluster) * cluster.shareWithTermination;
  const newSeries = cluster.restartsPerDay * prometheus.seriesPerGroup;
  const samples = groups * prometheus.seriesPerGroup * cluster.scrapesPerDay;
  return [
    {
      name: 'Pushgateway',
      cpuSeconds:
        pushes * pushgateway.secondsPush + cluster.scrapesPerDay * costAt(pushgateway.secondsScrape, groups),
      megabytes: costAt(pushgateway.megabytes, groups),
      series: groups * prometheus.seriesPerGroup,
      bytesPerScrape: costAt(pushgateway.bytesScrape, groups),
      bytesOnDisk: costAt(pushgateway.bytesOnDisk, groups),
    },
    {
      name: 'Prometheus that scrapes it',
      cpuSeconds: cluster.scrapesPerDay * costAt(prometheus.secondsScrape, groups),
      megabytes: costAt(prometheus.megabytes, groups),
      series: newSeries,
      bytesPerScrape: costAt(pushgateway.bytesScrape, groups),
      bytesOnDisk: samples * prometheus.bytesPerSample + newSeries * prometheus.bytesPerSeries,
    },
    {
      name: 'VictoriaMetrics in place of both',
      cpuSeconds: pushes * victoriaMetrics.secondsPush,
      megabytes: costAt(victoriaMetrics.megabytes, cluster.restartsPerDay),
      series: cluster.restartsPerDay * victoriaMetrics.seriesPerRecord,
      bytesPerScrape: 0,
      bytesOnDisk:
        cluster.restartsPerDay * victoriaMetrics.bytesNew +
        (pushes - cluster.restartsPerDay) * victoriaMetrics.bytesAgain,
    },
  ];
}

/** Where a part ends: the load that it reaches with one core, or with its shipped limits. */
export interface End {
  readonly part: string;
  readonly at: number;
  readonly unit: string;
  readonly because: string;
}

export function endsOf(measured: Measured, cluster: Cluster): readonly End[] {
  const { fn, watch, pushgateway } = measured;
  const share = cluster.shareWithTermination;
  const perEvent = (1 - share) * fn.secondsPlain + share * fn.secondsRestart;
  const scrapes =
    (cluster.scrapesPerDay / secondsPerDay) * costAt(pushgateway.secondsScrape, storedGroups(cluster));
  return [
    {
      part: 'API server source of Knative, in-memory broker',
      at: fn.serialPerSecond,
      unit: 'updates/s',
      because: 'it sends one event after the other; the hops through the broker come on top',
    },
    {
      part: 'the function, each Pod of one core',
      at: 1 / perEvent,
      unit: 'updates/s',
      because: 'CPU; up to 10 Pods',
    },
    {
      part: '`watch` that pushes',
      at: 1 / watch.secondsPushing,
      unit: 'updates/s',
      because: 'CPU of one core; there is one',
    },
    {
      part: '`watch` that sends',
      at: 1 / watch.secondsSending,
      unit: 'updates/s',
      because: 'CPU of one core; there is one',
    },
    {
      part: 'Pushgateway, each core',
      at: (1 - scrapes) / pushgateway.secondsPush,
      unit: 'pushes/s',
      because: 'CPU, beside a scrape every 30 s',
    },
    {
      part: 'Pushgateway, what is stored',
      at: cluster.maxRecords / 7,
      unit: 'restarts/day',
      because: '`MAX_RECORDS` is reached before `RETENTION` of 7 days; beyond it older records leave earlier',
    },
    {
      part: 'Pushgateway, its memory limit of 2 GiB',
      at: (2147 - pushgateway.megabytes.fixed) / pushgateway.megabytes.each,
      unit: 'records',
      because: 'resident memory',
    },
    {
      part: 'VictoriaMetrics, each core',
      at: 1 / measured.victoriaMetrics.secondsPush,
      unit: 'pushes/s',
      because: 'CPU',
    },
  ];
}
