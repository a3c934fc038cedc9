import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { endsOf, largeCluster, pathDays, storeDays } from '../../bench/growth/day.ts';
import { lineThrough } from '../../bench/growth/line.ts';
import type { Measured } from '../../bench/growth/measured.ts';
import { growthTables, withGrowth } from '../../bench/growth/report.ts';

const line = (fixed: number, each: number) => ({ fixed, each });

/** Round figures, so that a day can be computed by hand. */
const measured: Measured = {
  machine: 'a machine',
  loadAverage: 0.5,
  quick: false,
  fn: { secondsPlain: 0.0001, secondsRestart: 0.0003, megabytes: 100, serialPerSecond: 900 },
  watch: { secondsPushing: 0.0001, secondsSending: 0.0002, megabytes: 150, bytes: 8_000 },
  reconcile: { seconds: line(1, 0), megabytes: 120, count: 20_000 },
  sweep: { seconds: line(0, 0.0001), megabytes: 90, count: 20_000 },
  pushgateway: {
    secondsPush: 0.0001,
    secondsScrape: line(0, 0.00002),
    bytesScrape: line(1_000, 1_000),
    megabytes: line(24, 0.01),
    bytesOnDisk: line(0, 2_000),
  },
  prometheus: {
    secondsScrape: line(0, 0.00001),
    megabytes: line(100, 0.02),
    seriesPerGroup: 5,
    bytesPerSample: 0.5,
    bytesPerSeries: 100,
  },
  victoriaMetrics: {
    secondsPush: 0.0001,
    megabytes: line(100, 0.01),
    seriesPerRecord: 3,
    bytesNew: 1_000,
    bytesAgain: 10,
  },
};

/** 10 updates a second, 864,000 a day, of which 86,400 show a termination. */
const cluster = { ...largeCluster, updatesPerSecond: 10, shareWithTermination: 0.1, restartsPerDay: 1_000 };

test('a day of each path is its updates, pushes, reconciles and sweeps', () => {
  // 160.8 s of each: 144 reconciles of 1 s, 24 sweeps of 7,000 records. Else 0.1 or 0.3 ms an update, or 0.2 ms of the watch.
  const days = pathDays(measured, cluster).map(({ name, cpuSeconds, megabytes, pushes }) => [
    name,
    Number(cpuSeconds.toFixed(3)),
    megabytes,
    pushes,
  ]);
  assert.deepEqual(days, [
    ['Knative: the function', 264.48, 100, 86_400],
    ['standalone: `watch`', 247.2, 150, 86_400],
    ['KEDA: `watch` and the function', 359.52, 250, 86_400],
  ]);
});

test('a day of each store is its pushes, its scrapes, and what they leave on disk', () => {
  const days = storeDays(measured, cluster).map((day) => [
    day.name,
    Number(day.cpuSeconds.toFixed(3)),
    day.megabytes,
    day.series,
    day.bytesPerScrape,
    day.bytesOnDisk,
  ]);
  assert.deepEqual(days, [
    // 7 days of 1,000 restarts are stored; 2,880 scrapes of 0.14 s.
    ['Pushgateway', 8.64 + 403.2, 94, 35_000, 7_001_000, 14_000_000],
    ['Prometheus that scrapes it', 201.6, 240, 5_000, 7_001_000, 35_000 * 2_880 * 0.5 + 500_000],
    ['VictoriaMetrics in place of both', 8.64, 110, 3_000, 0, 1_000_000 + 85_400 * 10],
  ]);
});

test('each part ends where its CPU, its memory or what it may store ends', () => {
  assert.deepEqual(
    endsOf(measured, cluster).map(({ at, unit }) => `${Math.round(at)} ${unit}`),
    [
      '900 updates/s',
      // 0.9 × 100 µs + 0.1 × 300 µs.
      '8333 updates/s',
      '10000 updates/s',
      '5000 updates/s',
      // 0.14 s of every 30 are a scrape's.
      '9953 pushes/s',
      '7143 restarts/day',
      '212300 records',
      '10000 pushes/s',
    ],
  );
});

test('a line goes through both measurements', () => {
  assert.deepEqual(lineThrough([10, 7], [20, 12]), { fixed: 2, each: 0.5 });
});

test('docs/growth.md shows what was measured', () => {
  const page = readFileSync('docs/growth.md', 'utf8');
  const known: Measured = JSON.parse(readFileSync('bench/growth/measured.json', 'utf8'));
  assert.match(page, /<!-- measured -->\n\nMeasured on /);
  assert.equal(page, withGrowth(page, growthTables(known, largeCluster)));
});
