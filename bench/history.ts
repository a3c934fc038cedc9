/**
 * Measures `history --since 30d` on a real Prometheus with 30 days of generated history: `npm run build && node bench/history.ts`.
 * Needs Debian's `prometheus` (with `promtool`). Prints the time and the peak of memory of each run.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { metricFamilies } from '../lib/metrics/families.ts';
import { openMetrics } from '../lib/metrics/openmetrics.ts';
import { startProgram } from '../test/helpers/process.ts';
import { startPrometheus } from '../test/helpers/real-services.ts';
import { generatedHistory } from './load/generated-history.ts';

const [restarts = 50_000, days = 30] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'bench-history-'));
const now = Math.floor(Date.now() / 1000);

async function fill(): Promise<void> {
  const file = join(folder, 'restarts.om');
  const families = metricFamilies.filter(({ byDefault }) => byDefault);
  const history = generatedHistory({ restarts, until: now - 600, seconds: days * 86_400 - 1200 });
  writeFileSync(
    file,
    [...openMetrics(history, families, { job: 'pod_monitor', groupingLabels: [] })].join(''),
  );
  // It reads the file once for each block, of which there would be one for every two hours.
  const options = [
    'tsdb',
    'create-blocks-from',
    '--max-block-duration=768h',
    'openmetrics',
    file,
    join(folder, 'data'),
  ];
  const start = performance.now();
  await promisify(execFile)('promtool', options, { maxBuffer: 2 ** 28 });
  process.stdout.write(`promtool made the blocks of ${restarts} restarts in ${since(start)}\n`);
}

interface Measured {
  readonly seconds: number;
  /** Seconds of a processor that the command itself took. */
  readonly own: number;
  /** Bytes of the largest resident set. */
  readonly memory: number;
  readonly output: string;
}

/** Runs the command as it is shipped; the figures are the kernel's account of its process. */
async function measure(parameters: readonly string[], url: string): Promise<Measured> {
  const report = join(folder, 'report.js');
  writeFileSync(
    report,
    "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + ' ' + process.resourceUsage().userCPUTime + '\\n'));\n",
  );
  const start = performance.now();
  await using command = startProgram(
    process.execPath,
    ['--require', report, 'dist/lib/cli/main.js', 'history', ...parameters],
    { environment: { PROMETHEUS_URL: url } },
  );
  command.stdin.end();
  const { code, stdout, stderr } = await command.ended;
  const seconds = (performance.now() - start) / 1000;
  const [, kilobytes, microseconds] = /^peak (\d+) (\d+)$/m.exec(stderr) ?? [];
  if (code !== 0 || kilobytes === undefined) throw new Error(`history ended with ${code}: ${stderr}`);
  const own = Number(microseconds) / 1e6;
  return { seconds, own, memory: Number(kilobytes) * 1024, output: stdout };
}

function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

await fill();
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await using prometheus = await startPrometheus({
  folder,
  flags: ['--storage.tsdb.retention.time=100y'],
});
const commands: readonly (readonly string[])[] = [
  ['--since', `${days}d`],
  ['--since', `${days}d`],
  ['--since', `${days}d`, '--all'],
  ['--since', `${days}d`, '-o', 'json'],
  ['--since', `${days}d`, '--by', 'workload', '--top', '10'],
  ['--since', '1d'],
];
for (const parameters of commands) {
  const { seconds, own, memory, output } = await measure(parameters, prometheus.url);
  const lines = output.trimEnd().split('\n');
  const shown = `${lines.length} lines, the last: ${(lines.at(-1) ?? '').slice(0, 80)}`;
  const figures = `${seconds.toFixed(2)} s (${own.toFixed(2)} s of its own), ${(memory / 1e6).toFixed(0)} MB`;
  process.stdout.write(`history ${parameters.join(' ')}: ${figures} (${shown})\n`);
}
