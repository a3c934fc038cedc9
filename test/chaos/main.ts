import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { failuresOf, roundsOf, runChaos } from './run.ts';
import { chaosTable } from './table.ts';

/**
 * `npm run chaos -- --events 100000 --seed 1`: three functions behind a model of a broker, before a real Pushgateway; all of them
 * killed and restarted at random, the Pushgateway paused too. Prints a table, and ends with 1 when anything is lost but by
 * a kill of the Pushgateway, or a record is twice, wrong or invented.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() & 0x7fffffff) },
  },
});
const seed = Number(values.seed);
const events = Number(values.events);
process.stdout.write(`seed ${seed}\n`);

const bar = new SingleBar(
  {
    stream: process.stderr,
    format:
      '{bar} {percentage}% | {value} of {total} events settled | {duration_formatted}, {eta_formatted} left',
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  },
  Presets.shades_classic,
);
bar.start(events, 0);
const results = await runChaos(roundsOf(events), {
  seed,
  functionProgram: 'dist/functions/main.js',
  commandProgram: 'dist/lib/cli/main.js',
  onSettled: () => bar.increment(),
  // Duplicates are settled too, and what was never sent is not.
  onRound: ({ plan, deliveries }) => bar.increment(plan.events - deliveries),
});
bar.stop();

const answers = new Map<number, number>();
for (const result of results)
  for (const [status, count] of result.answers) answers.set(status, (answers.get(status) ?? 0) + count);
const failures = failuresOf(results);
process.stdout.write(`${chaosTable(results)}
answers: ${[...answers].map(([status, count]) => `${count} × ${status || 'broken connection'}`).join(', ')}
seed ${seed}, failures: ${failures.length}
`);
for (const failure of failures.slice(0, 50)) process.stdout.write(`${failure}\n`);
if (failures.length > 0) process.exitCode = 1;
