/**
 * Measures the function beside its peers: `npm run bench`, or `npm run bench -- --quick` for a short look. A name of a
 * row, as `events`, measures that one alone and writes nothing.
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
import { restartRows } from './rows/restarts.ts';
import { storeSizes } from './rows/store-size.ts';

const rowSources: Readonly<Record<string, (effort: Effort) => Promise<readonly Row[]>>> = {
  events: eventRows,
  restarts: restartRows,
  'cold-start': coldStartRows,
  memory: memoryRows,
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
const rows: Row[] = [];
for (const [name, source] of Object.entries(rowSources))
  if (chosen(name)) rows.push(...(await source(effort)));
const series: Series[] = [];
for (const [name, source] of Object.entries(seriesSources))
  if (chosen(name)) series.push(await source(effort));

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}`;
process.stdout.write(`${machine}\n`);
if (rows.length > 0) process.stdout.write(`${rowTable(rows)}\n`);
for (const each of series) process.stdout.write(`${seriesTable(each)}\n`);
if (effort === full && positionals.length === 0) {
  const { recall }: Results = JSON.parse(await readFile('bench/results.json', 'utf8'));
  const results: Results = { machine, rows, series, ...(recall !== undefined && { recall }) };
  await writeFile('bench/results.json', `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile('docs/benchmark.svg', chart(rows, machine));
  for (const path of measuredDocuments)
    await writeFile(path, withMeasurements(await readFile(path, 'utf8'), results));
}
