import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { listenAnywhere } from '../../test/helpers/listen.ts';
import { runProgram } from '../../test/helpers/process.ts';
import { testedCore } from '../contender.ts';
import type { Row } from '../report/row.ts';
import { type Effort, medians } from '../rounds.ts';
import { watchLines } from '../watch-lines.ts';

const size = 50e6;
/** How often they are sent: until the code is compiled, since a watch goes on for days, and then. */
const [warmedUp, repeated] = [4, 16];

/**
 * The reader of a watch beside a loop that only reads lines and parses them: the same Pod updates from a local server, for each
 * second of CPU time.
 */
export async function watchRows({ rounds }: Effort): Promise<readonly Row[]> {
  const lines = [...watchLines(size)];
  const text = Buffer.from(lines.join(''));
  const updates = lines.length * repeated;
  const restarts = lines.filter((line) => line.includes('"terminated"')).length * repeated;
  const server = createServer(({ url }, response) => {
    Readable.from(pieces(text, url === '/warm' ? warmedUp : repeated)).pipe(response);
  });
  const url = `http://127.0.0.1:${await listenAnywhere(server)}`;
  try {
    const rate = await medians(rounds, {
      product: async () => updates / (await cpuSeconds('follow', url, restarts)),
      loop: async () => updates / (await cpuSeconds('parse', url, updates)),
    });
    return [
      {
        what: '`watch`: Pod updates read, 1 in 20 with a restart',
        unit: 'per CPU second',
        value: rate('product'),
        peer: { name: 'readline, JSON.parse', value: rate('loop') },
        bound: { least: 3 },
      },
    ];
  } finally {
    server.close();
  }
}

/** In pieces as large as an API server's connection brings them. */
function* pieces(text: Buffer, times: number): Generator<Buffer, void, void> {
  for (let round = 0; round < times; round += 1) {
    for (let at = 0; at < text.length; at += 64 * 1024) yield text.subarray(at, at + 64 * 1024);
  }
}

/** @param expected How many updates it has to give. */
async function cpuSeconds(reader: 'follow' | 'parse', url: string, expected: number): Promise<number> {
  const parameters = ['-c', testedCore, process.execPath, 'bench/read-watch.ts', reader, url];
  const { code, stdout, stderr } = await runProgram('taskset', parameters);
  assert.equal(code, 0, stderr);
  const { given, user, system }: Record<'given' | 'user' | 'system', number> = JSON.parse(stdout);
  assert.equal(given, expected);
  return user + system;
}
