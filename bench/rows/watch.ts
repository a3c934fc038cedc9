import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { listenAnywhere } from '../../test/helpers/listen.ts';
import { runProgram } from '../../test/helpers/process.ts';
import { startPushgateway } from '../../test/helpers/real-services.ts';
import { testedCore } from '../contender.ts';
import { cpuSecondsOf } from '../growth/usage.ts';
import { pieces, startWatchStream } from '../load/watch-stream.ts';
import type { Row } from '../report/row.ts';
import { type Effort, medians } from '../rounds.ts';
import { startWatch } from '../running-watch.ts';
import { watchLines } from '../watch-lines.ts';

const size = 50e6;
/** How often they are sent: until the code is compiled, since a watch goes on for days, and then. */
const [warmedUp, repeated] = [4, 16];

/**
 * The reader of a watch, and the whole command, which pushes what it finds, beside a loop that only reads lines and parses them: the
 * same Pod updates from a local server, for each second of CPU time.
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
  await using stream = await startWatchStream();
  await using gateway = await startPushgateway({ flags: ['--push.disable-consistency-check'] });
  await using watch = await startWatch({ KUBECONFIG: stream.kubeconfig(), PUSHGATEWAY_URL: gateway.url });
  let delivered = 0;
  const sendToWatch = async (times: number) => {
    await stream.send(text, times);
    delivered += (restarts / repeated) * times;
    await watch.delivered(delivered);
  };
  try {
    await sendToWatch(warmedUp);
    const rate = await medians(rounds, {
      reader: async () => updates / (await cpuSecondsOfReader('follow', url, restarts)),
      whole: async () => updates / (await cpuSecondsOf(watch.pid, () => sendToWatch(repeated))),
      loop: async () => updates / (await cpuSecondsOfReader('parse', url, updates)),
    });
    const peer = { name: 'readline, JSON.parse', value: rate('loop') };
    const unit = 'per CPU second';
    return [
      {
        what: '`watch`: Pod updates read, 1 in 20 with a restart',
        unit,
        value: rate('reader'),
        peer,
        bound: { least: 3 },
      },
      { what: 'the same by the whole command, each restart pushed', unit, value: rate('whole'), peer },
    ];
  } finally {
    server.close();
  }
}

/** @param expected How many updates it has to give. */
async function cpuSecondsOfReader(
  reader: 'follow' | 'parse',
  url: string,
  expected: number,
): Promise<number> {
  const parameters = ['-c', testedCore, process.execPath, 'bench/read-watch.ts', reader, url];
  const { code, stdout, stderr } = await runProgram('taskset', parameters);
  assert.equal(code, 0, stderr);
  const { given, user, system }: Record<'given' | 'user' | 'system', number> = JSON.parse(stdout);
  assert.equal(given, expected);
  return user + system;
}
