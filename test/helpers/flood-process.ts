import { buffer } from 'node:stream/consumers';
import { send } from './send.ts';

/** The process of `flood`: the body is its standard input, the statuses are its output. */
const [url = '', count, headers = '{}'] = process.argv.slice(2);
const message = { headers: JSON.parse(headers), body: await buffer(process.stdin) };
const answers = Array.from({ length: Number(count) }, () =>
  send(url, message).catch(() => ({ status: 503 })),
);
const statuses = (await Promise.all(answers)).map(({ status }) => status);
process.stdout.write(JSON.stringify([...new Set(statuses)]));
