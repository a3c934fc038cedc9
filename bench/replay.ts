/**
 * Replay beside its peers: the same extraction by `jq`, and a Node loop that only reads lines and parses them, on the
 * same file, in interleaved rounds. `npm run bench:replay` prints the medians, the ratios and the memory.
 */
import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import Table from 'cli-table3';
import { type MeasuredRun, measuredRun } from './measured-run.ts';
import { median } from './rounds.ts';
import { watchLines } from './watch-lines.ts';

const size = 600e6;
const rounds = 3;

const jqFilter = `.object | .metadata as $m
  | (.status.initContainerStatuses[]?, .status.containerStatuses[]?, .status.ephemeralContainerStatuses[]?)
  | select(.lastState.terminated) | .lastState.terminated as $t
  | (if .state.waiting and .containerID != "" and .containerID == $t.containerID then 1 else 0 end) as $uncounted
  | {namespace: $m.namespace, pod: $m.name, uid: $m.uid, container: .name, ordinal: (.restartCount + $uncounted),
     reason: $t.reason, exitCode: $t.exitCode, startedAt: $t.startedAt, finishedAt: $t.finishedAt}`;

const folder = await mkdtemp(join(tmpdir(), 'bench-replay-'));
try {
  const file = join(folder, 'watch.ndjson');
  await pipeline(watchLines(size), createWriteStream(file));
  const contenders: Readonly<Record<string, () => Promise<MeasuredRun>>> = {
    'restart-ledger replay': () =>
      measuredRun(process.execPath, [
        'dist/lib/cli/main.js',
        'replay',
        '--dry-run',
        '-o',
        'json',
        '--quiet',
        file,
      ]),
    'Node: readline and JSON.parse': () => measuredRun(process.execPath, ['bench/parse-lines.ts', file]),
    jq: () => measuredRun('jq', ['-c', jqFilter, file]),
  };
  const runs = new Map<string, MeasuredRun[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contender] of Object.entries(contenders)) {
      runs.set(name, [...(runs.get(name) ?? []), await contender()]);
    }
  }
  const [replayOutput = [], , jqOutput = []] = runs.values();
  assert.deepEqual(restartsIn(replayOutput), restartsIn(jqOutput), 'replay and jq find the same restarts');
  await report(file, runs);
} finally {
  await rm(folder, { recursive: true });
}

/** What the outputs have in common, as lines in the order of the text. */
function restartsIn(all: readonly MeasuredRun[]): readonly string[] {
  const lines = (all[0]?.output ?? '').trimEnd().split('\n');
  const fields = [
    'namespace',
    'pod',
    'uid',
    'container',
    'ordinal',
    'reason',
    'exitCode',
    'startedAt',
    'finishedAt',
  ];
  return lines.map((line) => JSON.stringify(JSON.parse(line), fields)).sort();
}

async function report(file: string, runs: ReadonlyMap<string, readonly MeasuredRun[]>): Promise<void> {
  const bytes = (await stat(file)).size;
  const own = median([...runs.values()][0]?.map(({ seconds }) => seconds) ?? []);
  const table = new Table({
    head: ['', 'seconds', 'MB/s', 'times as long', 'peak memory'],
    style: { head: [] },
  });
  for (const [name, each] of runs) {
    const seconds = median(each.map((one) => one.seconds));
    const memory = Math.max(...each.map((one) => one.memory));
    const figures = [seconds.toFixed(2), (bytes / 1e6 / seconds).toFixed(0), (seconds / own).toFixed(1)];
    table.push([name, ...figures, `${memory.toFixed(0)} MB`]);
  }
  const processor = cpus()[0]?.model ?? 'unknown processor';
  const restarts = restartsIn([...runs.values()][0] ?? []).length;
  process.stdout.write(
    `${(bytes / 1e6).toFixed(0)} MB of watch lines, ${restarts} restarts; medians of ${rounds} rounds; ${cpus().length} × ${processor}, Node ${process.version}\n${table.toString()}\n`,
  );
}
