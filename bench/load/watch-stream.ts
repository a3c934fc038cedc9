import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { startApiServer } from '../../test/helpers/api-server.ts';
import { eventually } from '../../test/helpers/eventually.ts';

/** An API server without Pods, whose watch sends what it is told to. */
export interface WatchStream extends AsyncDisposable {
  /** A kubeconfig file that leads here. */
  kubeconfig(): string;
  /** Sends a text so many times to the watch that is open, as fast as it is read. */
  send(text: Buffer, times: number): Promise<void>;
}

export async function startWatchStream(): Promise<WatchStream> {
  const server = await startApiServer();
  let watching: ServerResponse | undefined;
  server.intercept(({ searchParams }, response) => {
    if (searchParams.get('watch') === null) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    watching = response;
    return true;
  });
  return {
    kubeconfig: () => server.kubeconfig(),
    async send(text, times) {
      const to = await eventually(() => watching ?? assert.fail('no watch is open yet'));
      for (const piece of pieces(text, times)) if (!to.write(piece)) await once(to, 'drain');
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A text so many times, in pieces as large as an API server's connection brings them. */
export function* pieces(text: Buffer, times: number): Generator<Buffer, void, void> {
  for (let round = 0; round < times; round += 1) {
    for (let at = 0; at < text.length; at += 64 * 1024) yield text.subarray(at, at + 64 * 1024);
  }
}
