import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { watchLines } from './watch-lines.ts';

/** An API server of generated Pods, for benchmarks: it lists them in pages and tells updates at a rate. */
export interface PodServer {
  readonly url: string;
  /** Bytes of all Pods, and how many restarts they show. */
  readonly bytes: number;
  readonly restarts: number;
  /** Resolves once somebody watches. */
  watched(): Promise<void>;
  /** Tells so many updates a second for so many seconds; gives how many of them showed a restart. */
  update(perSecond: number, seconds: number): Promise<{ readonly restarts: number }>;
  [Symbol.asyncDispose](): Promise<void>;
}

const stepsPerSecond = 20;

export async function startPodServer(count: number): Promise<PodServer> {
  const lines: string[] = [];
  for (const line of watchLines(Number.POSITIVE_INFINITY)) {
    if (lines.push(line) === count) break;
  }
  const pods = lines.map((line) => line.slice(line.indexOf('"object":') + 9, -2));
  const holdsRestart = pods.map((pod) => pod.includes('"terminated"'));
  let watcher: ServerResponse | undefined;
  const opened = Promise.withResolvers<void>();

  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://api');
    if (searchParams.has('watch')) {
      watcher = response;
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      opened.resolve();
      return;
    }
    const from = Number(searchParams.get('continue') ?? 0);
    const until = Math.min(from + Number(searchParams.get('limit')), pods.length);
    const place = until < pods.length ? `,"continue":"${until}"` : '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"${place}},"items":[${pods.slice(from, until).join()}]}`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    bytes: pods.reduce((sum, pod) => sum + pod.length, 0),
    restarts: holdsRestart.filter(Boolean).length,
    watched: () => opened.promise,
    async update(perSecond, seconds) {
      let sent = 0;
      let restarts = 0;
      const start = performance.now();
      while (sent < perSecond * seconds) {
        for (let each = 0; each < perSecond / stepsPerSecond; each += 1, sent += 1) {
          restarts += holdsRestart[sent % pods.length] ? 1 : 0;
          watcher?.write(lines[sent % lines.length] ?? '');
        }
        await delay(Math.max(0, start + (sent / perSecond) * 1000 - performance.now()));
      }
      return { restarts };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
