/**
 * What a day of a large cluster costs: `npm run bench:growth`, or `npm run bench:growth -- --quick` for a short look. Measures the cost
 * of each part, computes a day from that, and writes `bench/growth/measured.json` and the tables in `docs/growth.md`.
 * `-- --print` only computes again from what was measured.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { largeCluster } from './day.ts';
import {
  type Effort,
  measureFunction,
  measureReconcile,
  measureSweep,
  measureWatch,
} from './measure-paths.ts';
import { measureScraped, measureVictoriaMetrics, type Sizes } from './measure-stores.ts';
import type { Measured } from './measured.ts';
import { growthTables, withGrowth } from './report.ts';

const file = 'bench/growth/measured.json';
const page = 'docs/growth.md';

const full: Effort & { readonly stores: Sizes } = {
  events: 100_000,
  serialSeconds: 10,
  watchSeconds: 20,
  updatesPerSecond: 1_000,
  pods: [5_000, 20_000],
  groups: [5_000, 20_000],
  stores: [5_000, 50_000],
};
const quick: typeof full = {
  events: 4_000,
  serialSeconds: 2,
  watchSeconds: 5,
  updatesPerSecond: 200,
  pods: [500, 2_000],
  groups: [1_000, 3_000],
  stores: [1_000, 4_000],
};

async function measure(effort: typeof full): Promise<Measured> {
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    process.stderr.write(`${name} …\n`);
    return await work();
  };
  const fn = await step('function', () => measureFunction(effort));
  const watch = await step('watch', () => measureWatch(effort));
  const reconcile = await step('reconcile', () => measureReconcile(effort));
  const sweep = await step('sweep', () => measureSweep(effort));
  const [pushgateway, prometheus] = await step('Pushgateway and Prometheus', () =>
    measureScraped(effort.stores),
  );
  const victoriaMetrics = await step('VictoriaMetrics', () => measureVictoriaMetrics(effort.stores));
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}`,
    loadAverage: loadavg()[1] ?? Number.NaN,
    quick: effort === quick,
    fn,
    watch,
    reconcile,
    sweep,
    pushgateway,
    prometheus,
    victoriaMetrics,
  };
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, print: { type: 'boolean', default: false } },
});
const known = async (): Promise<Measured> => JSON.parse(await readFile(file, 'utf8'));
const measured = values.print ? await known() : await measure(values.quick ? quick : full);
await writeFile(file, `${JSON.stringify(measured, undefined, 2)}\n`);
const tables = growthTables(measured, largeCluster);
await writeFile(page, withGrowth(await readFile(page, 'utf8'), tables));
process.stdout.write(`${tables}\n`);
