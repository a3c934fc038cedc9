/**
 * Replay beside its peers: the same extraction by `jq`, and a Node loop that only reads lines and parses them, on the
 * same file, in rounds that take turns. `npm run bench:replay` prints the medians, the ratios and the memory.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import Table from 'cli-table3';
import { watchLines } from './watch-lines.ts';

const size = 600e6;
const rounds = 3;

const jqFilter = `.object | .metadata as $m
  | (.status.initContainerStatuses[]?, .status.containerStatuses[]?, .status.ephemeralContainerStatuses[]?)
  | select(.lastState.terminated) | .lastState.terminated as $t
  | (if .state.waiting and .containerID != "" and .containerID == $t.containerID then 1 else 0 end) as $uncounted
  | {namespace: $m.namespace, pod: $m.name, uid: $m.uid, container: .name, ordinal: (.restartCount + $uncounted),
     reason: $t.reason, exitCode: $t.exitCode, startedAt: $t.startedAt, finishedAt: $t.finishedAt}`;

interface Run {
  readonly seconds: number;
  /** Peak resident memory in MB. */
  readonly memory: number;
  readonly output: string;
}

const folder = await mkdtemp(join(tmpdir(), 'bench-replay-'));
try {
  const file = join(folder, 'watch.ndjson');
  await pipeline(watchLines(size), createWriteStream(file));
  const contenders: Readonly<Record<string, () => Promise<Run>>> = {
    'restart-ledger replay': () =>
      run(process.execPath, ['dist/lib/cli/main.js', 'replay', '--dry-run', '-o', 'json', '--quiet', file]),
    'Node: readline and JSON.parse': () => run(process.execPath, ['bench/parse-lines.ts', file]),
    jq: () => run('jq', ['-c', jqFilter, file]),
  };
  const runs = new Map<string, Run[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contender] of Object.entries(contenders)) {
      runs.set(name, [...(runs.get(name) ?? []), await contender()]);
    }
  }
  const [ours = [], , theirs = []] = runs.values();
  assert.deepEqual(restartsIn(ours), restartsIn(theirs), 'replay and jq find the same restarts');
  await report(file, runs);
} finally {
  await rm(folder, { recursive: true });
}

async function run(command: string, parameters: readonly string[]): Promise<Run> {
  const start = performance.now();
  const child = spawn('/usr/bin/time', ['-f', '%M', command, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: code, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.equal(await code, 0, errors);
  const memory = Number(errors.trimEnd().split('\n').at(-1)) / 1000;
  return { seconds: (performance.now() - start) / 1000, memory, output };
}

/** What the outputs have in common, as lines in the order of the text. */
function restartsIn(all: readonly Run[]): readonly string[] {
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

async function report(file: string, runs: ReadonlyMap<string, readonly Run[]>): Promise<void> {
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
