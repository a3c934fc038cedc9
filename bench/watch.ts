/**
 * The reader of a watch beside a loop that only reads lines and parses them, in interleaved rounds: CPU time for the same Pod
 * updates from a local server, once the code of both has been compiled, since a watch goes on for days. `npm run bench:watch`
 * prints the medians; CPU time, and not time, so that a busy machine changes little.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { Readable } from 'node:stream';
import Table from 'cli-table3';
import { runProgram } from '../test/helpers/process.ts';
import { median } from './rounds.ts';
import { watchLines } from './watch-lines.ts';

const [size, warmedUp, repeated, rounds] = [50e6, 4, 16, 5];

const lines = [...watchLines(size)];
const text = Buffer.from(lines.join(''));
const updates = lines.length * repeated;
const restarts = lines.filter((line) => line.includes('"terminated"')).length * repeated;

/** In pieces as large as an API server's connection brings them. */
function* pieces(times: number): Generator<Buffer, void, void> {
  for (let round = 0; round < times; round += 1) {
    for (let at = 0; at < text.length; at += 64 * 1024) yield text.subarray(at, at + 64 * 1024);
  }
}

const server = createServer(({ url }, response) => {
  Readable.from(pieces(url === '/warm' ? warmedUp : repeated)).pipe(response);
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

/** What an address is, once a server listens on a port. */
function isAddress(address: ReturnType<typeof server.address>): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

async function cost(reader: string, expected: number): Promise<number> {
  const address = server.address();
  assert.ok(isAddress(address));
  const { code, stdout, stderr } = await runProgram(process.execPath, [
    'bench/read-watch.ts',
    reader,
    `http://127.0.0.1:${address.port}`,
  ]);
  assert.equal(code, 0, stderr);
  const { given, user, system }: Record<'given' | 'user' | 'system', number> = JSON.parse(stdout);
  assert.equal(given, expected);
  return user + system;
}

const own: number[] = [];
const parsed: number[] = [];
try {
  for (let round = 0; round < rounds; round += 1) {
    own.push(await cost('follow', restarts));
    parsed.push(await cost('parse', updates));
  }
} finally {
  server.close();
}
const table = new Table({
  head: ['', 'CPU seconds', 'updates per CPU second', 'times the loop'],
  style: { head: [] },
});
for (const [name, seconds] of Object.entries({ 'restart-ledger': own, 'readline and JSON.parse': parsed })) {
  const middle = median(seconds);
  table.push([name, middle.toFixed(2), (updates / middle).toFixed(0), (median(parsed) / middle).toFixed(1)]);
}
process.stdout.write(
  `${updates} Pod updates (${((text.length * repeated) / 1e6).toFixed(0)} MB), ${restarts} with a termination; bound: 3 times the loop; ${cpus()[0]?.model}, Node ${process.version}\n${table.toString()}\n`,
);
