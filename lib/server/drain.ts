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
  /** The newest response of each connection: when it has ended, so have those before it. */
  const connections = new Map<Socket, ServerResponse | undefined>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    connections.set(socket, response);
  });
  return () => {
    for (const [socket, newest] of connections) {
      if (newest?.closed !== false) socket.destroy();
    }
    setTimeout(() => server.closeAllConnections(), patience).unref();
  };
}
