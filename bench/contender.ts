import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { freePort } from '../test/helpers/free-port.ts';
import { type RunningProcess, startProgram } from '../test/helpers/process.ts';
import { imageEnvironment } from './image-environment.ts';
import { type Post, podEvent, pods } from './load/pod-events.ts';

/** The core that the process under test has for itself; everything else runs on the other one. */
export const testedCore = '0';
export const otherCore = '1';

/** A server that can be measured. */
export interface Program {
  readonly file: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export const ledger = (gatewayUrl: string): Program => ({
  file: 'dist/functions/main.js',
  environment: { ...imageEnvironment, PUSHGATEWAY_URL: gatewayUrl, HOST: '127.0.0.1', RETENTION: '0' },
});
/** @param pushes A JSON file of what it pushes. */
export const relay = (gatewayUrl: string, pushes: string, connections: number): Program => ({
  file: 'bench/peers/bare-relay.js',
  environment: { PUSHGATEWAY_URL: gatewayUrl, PUSHES: pushes, CONNECTIONS: String(connections) },
});
export const bareServer: Program = { file: 'bench/peers/bare-server.js' };
export const emptyFunction: Program = { file: 'bench/peers/empty-function.js' };

/** A gateway for events that record nothing: none listens there. */
export const noGateway = 'http://127.0.0.1:1';

/** A running server. Disposing of it kills it. */
export interface Contender {
  readonly url: string;
  /** Seconds from its start to the first 204 for a Pod event. */
  readonly coldStart: number;
  /** Resident memory in MB. */
  memory(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a server on the core under test, with nothing in its environment but its own settings and the PATH. */
export async function startContender({ file, environment }: Program, first?: Post): Promise<Contender> {
  const port = await freePort();
  const start = performance.now();
  const running = startProgram('taskset', ['-c', testedCore, process.execPath, file], {
    environment: { PORT: String(port), ...environment },
    stdout: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await answered(running, url, first ?? plainEvent());
  return {
    url,
    coldStart: (performance.now() - start) / 1000,
    memory: () => residentMemory(running.pid),
    [Symbol.asyncDispose]: running[Symbol.asyncDispose],
  };
}

function plainEvent(): Post {
  const [pod = ''] = pods(1, false);
  return podEvent(pod);
}

/** Tries without a pause: a connection that is refused costs some tenths of a millisecond. */
async function answered(running: RunningProcess, url: string, post: Post): Promise<void> {
  for (;;) {
    const status = await statusOf(url, post);
    if (status === 204) return;
    if (status !== undefined || running.hasExited) throw new Error(`answered ${status}: ${running.stderr()}`);
  }
}

/** `undefined` when there is no connection. */
async function statusOf(url: string, { headers, body }: Post): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const outgoing = request(url, { method: 'POST', headers, agent: false }, (answer) => {
    answer.resume();
    resolve(answer.statusCode);
  });
  outgoing.once('error', () => resolve(undefined));
  outgoing.end(body);
  return await promise;
}

/** `taskset` becomes the program that it starts, so the child's number is the program's. */
function residentMemory(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000;
}
