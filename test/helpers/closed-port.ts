import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { listenAnywhere } from './listen.ts';

/** A port of 127.0.0.1 at which connections are refused. */
export interface ClosedPort {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Reserves a port on which nothing listens. It is the local end of an open connection, so no other process is
 * given it meanwhile.
 */
export async function closedPort(): Promise<ClosedPort> {
  const server = createServer();
  const connection = connect(await listenAnywhere(server), '127.0.0.1');
  await once(connection, 'connect');
  return {
    url: `http://127.0.0.1:${connection.localPort}`,
    async [Symbol.asyncDispose]() {
      connection.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
