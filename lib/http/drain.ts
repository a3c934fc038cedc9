import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long a closing server waits for requests in flight; Kubernetes sends SIGKILL after 30 s. */
const drainTimeoutMilliseconds = 20_000;

/**
 * Makes a server end when it is closed. Node ends the connections that are between two requests and waits for all
 * others, so one on which no request ever came, or a request that never ends, would delay it for ever.
 *
 * @returns what is to be called when the server starts to close.
 */
export function drainOnClose(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => {
    unused.delete(socket);
  });
  return () => {
    for (const socket of unused) socket.destroy();
    setTimeout(() => server.closeAllConnections(), drainTimeoutMilliseconds).unref();
  };
}
