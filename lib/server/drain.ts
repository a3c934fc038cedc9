import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a server that closes waits for requests in flight, in milliseconds; Kubernetes kills after 30 s. */
const patience = 20_000;

/**
 * Makes a server end when it is closed. Node waits for every connection that is not between two requests, so one
 * on which nothing was ever sent, or a request that never ends, would hold it up for ever.
 *
 * @returns what is to be called when the server starts to close.
 */
export function drainOnClose(server: Server): () => void {
  const connections = new Set<Socket>();
  const busy = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    busy.add(socket);
    response.once('close', () => busy.delete(socket));
  });
  return () => {
    for (const socket of connections) {
      if (!busy.has(socket)) socket.destroy();
    }
    setTimeout(() => server.closeAllConnections(), patience).unref();
  };
}
