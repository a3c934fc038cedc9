import { type Cluster, endsOf, pathDays, storeDays, storedGroups, updatesPerDay } from './day.ts';
import { costAt, type Line } from './line.ts';
import type { Measured, RunCost } from './measured.ts';

/** The tables of docs/growth.md. */
export function growthTables(measured: Measured, cluster: Cluster): string {
  const paths = pathDays(measured, cluster).map(({ name, cpuSeconds, megabytes, pushes }) => [
    name,
    round(cpuSeconds),
    `${round(cpuSeconds / 86_400)} cores`,
    `${round(megabytes)} MB`,
    round(pushes),
  ]);
  const stores = storeDays(measured, cluster).map((day) => [
    day.name,
    round(day.cpuSeconds),
    `${round(day.megabytes)} MB`,
    round(day.series),
    day.bytesPerScrape === 0 ? 'none' : bytes(day.bytesPerScrape),
    bytes(day.bytesOnDisk),
  ]);
  const ends = endsOf(measured, cluster).map(({ part, at, unit, because }) => [
    part,
    `${round(at)} ${unit}`,
    because,
  ]);
  const updates = updatesPerDay(cluster);
  return [
    `Measured on ${measured.machine}; load average ${measured.loadAverage.toFixed(1)}${measured.quick ? '; a short run (`--quick`)' : ''}.`,
    `One day: ${round(updates)} updates of ${bytes(measured.watch.bytes)} each, so ${bytes(updates * measured.watch.bytes)} from the API server; ${round(updates * cluster.shareWithTermination)} of them show a termination; ${round(cluster.restartsPerDay)} restarts, of which the Pushgateway stores ${round(storedGroups(cluster))}.`,
    table(['path', 'CPU seconds', 'on average', 'memory', 'pushes'], paths),
    table(['store', 'CPU seconds', 'memory', 'series', 'a scrape', 'on disk'], stores),
    table(['part', 'ends at', 'since'], ends),
    'What the figures are computed from:',
    table(['measured', ''], measurements(measured)),
  ].join('\n\n');
}

function measurements(measured: Measured): readonly (readonly string[])[] {
  const { fn, watch, reconcile, sweep, pushgateway, prometheus, victoriaMetrics } = measured;
  const micro = (seconds: number) => `${round(seconds * 1e6)} µs`;
  const peak = ({ megabytes, count }: RunCost, of: string) =>
    `${round(megabytes)} MB with ${round(count)} ${of}`;
  const line = ({ fixed, each }: Line, count: number, of: string) =>
    `${round(costAt({ fixed, each }, count))} with ${round(count)} ${of}`;
  return [
    [
      'function: CPU for an event without a termination; with one, which is pushed',
      `${micro(fn.secondsPlain)}; ${micro(fn.secondsRestart)}`,
    ],
    ['function: memory', `${round(fn.megabytes)} MB`],
    [
      '`watch`: CPU for an update, 1 in 20 pushed; 1 in 20 sent on',
      `${micro(watch.secondsPushing)}; ${micro(watch.secondsSending)}`,
    ],
    [
      'reconcile: CPU seconds; peak memory',
      `${line(reconcile.seconds, 150_000, 'Pods')}; ${peak(reconcile, 'Pods')}`,
    ],
    [
      'sweep: CPU seconds; peak memory',
      `${line(sweep.seconds, 50_000, 'records')}; ${peak(sweep, 'records')}`,
    ],
    ['Pushgateway: CPU for a push', micro(pushgateway.secondsPush)],
    ['Pushgateway: CPU seconds for a scrape', line(pushgateway.secondsScrape, 50_000, 'records')],
    [
      'Pushgateway: memory, a scrape, its file, each for a record',
      `${bytes(pushgateway.megabytes.each * 1e6)}, ${bytes(pushgateway.bytesScrape.each)}, ${bytes(pushgateway.bytesOnDisk.each)}`,
    ],
    ['Prometheus: CPU seconds for a scrape', line(prometheus.secondsScrape, 50_000, 'records')],
    [
      'Prometheus: series for a record; memory for a series',
      `${round(prometheus.seriesPerGroup)}; ${bytes((prometheus.megabytes.each * 1e6) / prometheus.seriesPerGroup)}`,
    ],
    [
      'Prometheus: on disk, for a sample; for a series',
      `${prometheus.bytesPerSample.toFixed(2)} B; ${bytes(prometheus.bytesPerSeries)}`,
    ],
    ['VictoriaMetrics: CPU for a push', micro(victoriaMetrics.secondsPush)],
    [
      'VictoriaMetrics: series for a record; memory for a record',
      `${round(victoriaMetrics.seriesPerRecord)}; ${bytes(victoriaMetrics.megabytes.each * 1e6)}`,
    ],
    [
      'VictoriaMetrics: on disk, for a new record; for one that is pushed again',
      `${bytes(victoriaMetrics.bytesNew)}; ${bytes(victoriaMetrics.bytesAgain)}`,
    ],
  ];
}

/** Three digits, or two after the point where there are fewer, with a comma between thousands. */
function round(value: number): string {
  return value.toLocaleString(
    'en-US',
    value < 10 ? { maximumSignificantDigits: 2 } : { maximumSignificantDigits: 3 },
  );
}

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const index = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const scaled = value / 1000 ** index;
  return `${scaled >= 10 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[index]}`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A document with its measured section rewritten: what is between `<!-- measured -->` and `<!-- end -->`. */
export function withGrowth(document: string, tables: string): string {
  return document.replace(
    /(<!-- measured -->\n).*?(<!-- end -->)/s,
    (_all, start: string, end: string) => `${start}\n${tables}\n\n${end}`,
  );
}
