/**
 * Measures the product beside its peers: `npm run bench`, or `npm run bench -- --quick` for a short look. Names of rows, as
 * `events` or `reconcile sweep watch`, measure these alone and write nothing. What has been measured is printed at once.
 *
 * The process under test has one core for itself; the load, the Pushgateway and this process share another. Writes
 * `bench/results.json`, `docs/benchmark.svg` and the tables in the documents when all has been measured at full length.
 */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { otherCore } from './contender.ts';
import { chart } from './report/chart.ts';
import { measuredDocuments, withMeasurements } from './report/measured-sections.ts';
import type { Results, Row, Series } from './report/row.ts';
import { rowTable, seriesTable } from './report/tables.ts';
import { type Effort, full, quick } from './rounds.ts';
import { coldStartRows } from './rows/cold-start.ts';
import { eventSizes } from './rows/event-size.ts';
import { eventRows } from './rows/events.ts';
import { memoryRows } from './rows/memory.ts';
import { reconcileRows } from './rows/reconcile.ts';
import { restartRows } from './rows/restarts.ts';
import { storeSizes } from './rows/store-size.ts';
import { sweepRows } from './rows/sweep.ts';
import { watchRows } from './rows/watch.ts';
import { watchAtRateRows } from './rows/watch-at-rate.ts';

const rowSources: Readonly<Record<string, (effort: Effort) => Promise<readonly Row[]>>> = {
  events: eventRows,
  restarts: restartRows,
  'cold-start': coldStartRows,
  memory: memoryRows,
  reconcile: reconcileRows,
  sweep: sweepRows,
  watch: watchRows,
  'watch-at-rate': watchAtRateRows,
};
const seriesSources: Readonly<Record<string, (effort: Effort) => Promise<Series>>> = {
  'event-size': eventSizes,
  'store-size': storeSizes,
};

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const effort = values.quick ? quick : full;
const chosen = (name: string) => positionals.length === 0 || positionals.includes(name);

execFileSync('taskset', ['-a', '-c', '-p', otherCore, String(process.pid)], { stdio: 'ignore' });
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}`;
process.stdout.write(`${machine}\n`);
const rows: Row[] = [];
for (const [name, source] of Object.entries(rowSources)) {
  if (!chosen(name)) continue;
  const measured = await source(effort);
  process.stdout.write(`${rowTable(measured)}\n`);
  rows.push(...measured);
}
const series: Series[] = [];
for (const [name, source] of Object.entries(seriesSources)) {
  if (!chosen(name)) continue;
  const measured = await source(effort);
  process.stdout.write(`${seriesTable(measured)}\n`);
  series.push(measured);
}
if (effort === full && positionals.length === 0) {
  const { recall }: Results = JSON.parse(await readFile('bench/results.json', 'utf8'));
  const results: Results = { machine, rows, series, ...(recall !== undefined && { recall }) };
  await writeFile('bench/results.json', `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile('docs/benchmark.svg', chart(rows, machine));
  for (const path of measuredDocuments)
    await writeFile(path, withMeasurements(await readFile(path, 'utf8'), results));
}
