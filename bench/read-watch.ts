/** Reads one watch to its end, by the product's own reader or by a loop that parses each line; prints what it took. */
import { createInterface } from 'node:readline';
import { type Dispatcher, request } from 'undici';
import { watchPods } from '../lib/kubernetes/api/watch-pods.ts';

const [, , reader = '', url = ''] = process.argv;

async function follow(body: Dispatcher.ResponseData['body']): Promise<number> {
  const server = { get: async () => ({ kind: 'object', body }) as const };
  const open = { signal: new AbortController().signal, idleTimeoutMilliseconds: 60_000 };
  let pods = 0;
  for await (const change of watchPods(server, { namespace: undefined, selector: '' }, '1', open)) {
    if (change.kind === 'pod') pods += 1;
  }
  return pods;
}

async function parse(body: Dispatcher.ResponseData['body']): Promise<number> {
  let lines = 0;
  for await (const line of createInterface({ input: body })) {
    JSON.parse(line);
    lines += 1;
  }
  return lines;
}

const read = reader === 'follow' ? follow : parse;
/** What a process costs at its start is no part of what an update costs. */
await read((await request(`${url}/warm`)).body);
const { body } = await request(url);
const before = process.cpuUsage();
const given = await read(body);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ given, user: user / 1e6, system: system / 1e6 }));
