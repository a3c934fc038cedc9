import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createProgress } from '../../lib/cli/output/progress.ts';
import { openConnectionDoor } from './doors/connection.ts';
import { doors, fuzz, shares } from './run.ts';

/**
 * `npm run fuzz -- --inputs 10000000 --seed 1`: mutated inputs at every door where untrusted bytes come in. Prints a
 * table; writes each finding into a file beside it, and ends with 1 when there is one.
 */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() & 0x7fffffff) },
  },
});
const seed = Number(values.seed);
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
process.on('uncaughtException', (error) => unhandled.push(error));

await using connection = openConnectionDoor();
const plan = shares([...doors, connection], Number(values.inputs));
const findings: string[] = [];
const rows: string[][] = [['door', 'inputs', 'accepted', 'refused', 'inputs/s', 'slowest ms']];
for (const [door, inputs] of plan) {
  const progress = createProgress({
    stream: process.stderr,
    quiet: process.stderr.isTTY !== true,
    total: inputs,
    nowMilliseconds: () => performance.now(),
  });
  let done = 0;
  const start = performance.now();
  const { counts, finding } = await fuzz(door, {
    inputs,
    seed,
    onInput: () => {
      done += 1;
      if (done % 1000 === 0) progress.advance(1000, done);
    },
  });
  progress.end();
  const perSecond = Math.round((1000 * counts.inputs) / (performance.now() - start));
  rows.push([
    door.name,
    ...[counts.inputs, counts.accepted, counts.refused, perSecond, Math.round(counts.slowest)].map(String),
  ]);
  if (finding !== undefined) {
    const file = `fuzz-finding-${findings.length + 1}`;
    writeFileSync(file, finding.input);
    findings.push(
      `${door.name}: ${file}\n${finding.error instanceof Error ? finding.error.stack : finding.error}`,
    );
  }
}

const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
for (const row of rows)
  process.stdout.write(
    `${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}\n`,
  );
process.stdout.write(
  `seed ${seed}, findings: ${findings.length}, unhandled rejections and exceptions: ${unhandled.length}\n`,
);
for (const finding of findings) process.stdout.write(`\n${finding}\n`);
for (const reason of unhandled)
  process.stdout.write(`\nunhandled: ${reason instanceof Error ? reason.stack : reason}\n`);
if (findings.length + unhandled.length > 0) process.exitCode = 1;
