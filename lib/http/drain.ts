import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long a server that closes waits for requests in flight; Kubernetes kills after 30 s. */
const drainTimeoutMilliseconds = 20_000;

/**
 * Makes a server end when it is closed. Node ends the connections that are between two requests and waits for all
 * others, so one on which no request ever came, or a request that never ends, would hold it up for ever.
 *
 * @returns what is to be called when the server starts to close.
 */
export function drainOnClose(server: Server): () => void {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => {
    silent.delete(socket);
  });
  return () => {
    for (const socket of silent) socket.destroy();
    setTimeout(() => server.closeAllConnections(), drainTimeoutMilliseconds).unref();
  };
}
