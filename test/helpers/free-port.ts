import { once } from 'node:events';
import { createServer } from 'node:net';
import { listenAnywhere } from './listen.ts';

/**
 * A TCP port of 127.0.0.1 that nothing listens on, for a program that cannot choose one itself. Another process may take
 * it before the program does: the caller then starts the program again.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenAnywhere(server);
  server.close();
  await once(server, 'close');
  return port;
}
