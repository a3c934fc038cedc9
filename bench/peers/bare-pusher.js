/**
 * The limit of recording: makes pushes that are ready to send, by Node's own HTTP client over kept-alive connections,
 * and prints how many a second were accepted. Takes a JSON file with `url`, `connections`, `warmUp` and `seconds`,
 * and `pushes` of `path` and `body`.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const { url, connections, warmUp, seconds, pushes } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { hostname, port } = new URL(url);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
let sent = 0;
let accepted = 0;
let done = false;

function push({ path, body }) {
  const headers = { 'content-type': 'text/plain; version=0.0.4', 'content-length': Buffer.byteLength(body) };
  const { promise, resolve, reject } = Promise.withResolvers();
  const outgoing = request({ agent, hostname, port, method: 'POST', path, headers }, (answer) => {
    answer.resume();
    if (answer.statusCode >= 300) reject(new Error(`the gateway answered ${answer.statusCode}`));
    else answer.on('end', resolve);
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

async function pushOn() {
  while (!done) {
    await push(pushes[sent++ % pushes.length]);
    accepted += 1;
  }
}

const workers = Array.from({ length: connections }, pushOn);
await delay(warmUp * 1000);
accepted = 0;
const start = performance.now();
await delay(seconds * 1000);
process.stdout.write(`${accepted / ((performance.now() - start) / 1000)}\n`);
done = true;
await Promise.all(workers);
agent.destroy();
