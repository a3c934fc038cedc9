/**
 * The recall of a real node: kubelet, containerd and real containers that crash in every way, with everything killed
 * meanwhile, and the records compared with containerd's own events of every container's end. `npm run bench:recall`,
 * or `npm run bench:recall -- --quick` for a short look that writes nothing; `--keep` leaves the logs.
 *
 * Needs Linux and root. Writes `recall` in `bench/results.json` and the table in the README.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fullPhases, quickPhases } from './phases.ts';
import { pathOf, whyNotRunnable } from './programs.ts';
import type { PhaseResult } from './result.ts';
import { runPhase } from './run-phase.ts';
import { phaseTable } from './table.ts';
import { writeRecall } from './write-recall.ts';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const reason = whyNotRunnable();
if (reason !== undefined) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => ending.abort(new Error(`ended by ${signal}`)));
}
const report = (line: string) => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'recall-'));
const phases = (values.quick ? quickPhases : fullPhases).filter(
  (_, index) => positionals.length === 0 || positionals.includes(String(index + 1)),
);
const results: PhaseResult[] = [];
try {
  for (const [index, phase] of phases.entries()) {
    const result = await runPhase(phase, {
      folder: join(folder, String(index)),
      signal: ending.signal,
      report,
    });
    results.push(result);
    report(phaseTable(result));
  }
  const kubernetes = execFileSync(pathOf('kubelet'), ['--version'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}, ${kubernetes}`;
  if (!values.quick && positionals.length === 0) await writeRecall({ machine, phases: results });
} catch (error) {
  if (!ending.signal.aborted) throw error;
  process.stderr.write('ended before it was done: everything is stopped\n');
  process.exitCode = 130;
} finally {
  if (values.keep) report(`the logs are in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
